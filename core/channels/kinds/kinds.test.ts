import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MessageContent } from '../../messages/content.ts';
import { dingtalkComplaint, dingtalkRequest } from './dingtalk.ts';
import { emailOf } from './email.ts';
import { feishuComplaint, feishuRequest, feishuSign } from './feishu.ts';
import { slackComplaint, slackRequest } from './slack.ts';
import { webhookRequest } from './webhook.ts';
import { wecomComplaint, wecomRequest } from './wecom.ts';

const now = new Date('2026-11-21T09:14:00.123Z');
const url = new URL('https://robots.example.org/hook?key=abc');

const NASTY = 'x "q" \\ <!channel> <at user_id="all"> *b* _i_ `c` {{job}} & \'s\' 😀 }';
const content = (cause: string): MessageContent => ({
  event: 'opened',
  title: `nightly-backup failed`,
  lines: [cause, 'Since then.'],
  nextStep: 'Next: mend it.',
  url: 'https://punctual.example.org/runs/481',
  urlText: 'Open the run',
  job: { key: 'nightly-backup', owner: 'A | B', labels: { team: 'billing' } },
  incident: {
    id: 12,
    kind: 'failed',
    openedAt: now,
    endedAt: null,
    runs: 3,
    missed: 0,
    cause,
  },
  runId: 481,
  idempotencyKey: 'punctual-0-m7',
});
const bodyOf = (request: { body: string }) => JSON.parse(request.body) as never;

describe('Slack', () => {
  test('gets blocks of plain text, so that nothing in a log is markup or mentions anybody', () => {
    const body: { text: string; blocks: { text: { type: string; text: string } }[] } = bodyOf(
      slackRequest(content(NASTY), url),
    );
    expect(body.blocks.map(({ text }) => text.type)).toEqual([
      'plain_text',
      'plain_text',
      'mrkdwn',
    ]);
    expect(body.blocks[1]!.text.text).toContain(NASTY);
    expect(body.blocks[2]!.text.text).toBe('<https://punctual.example.org/runs/481|Open the run>');
    expect(body.text).not.toMatch(/<!|<at/);
    expect(body.text).toContain('&lt;!channel&gt;');
  });

  test('within Slack’s lengths', () => {
    const body: { blocks: { text: { text: string } }[] } = bodyOf(
      slackRequest({ ...content('y'.repeat(9_000)), title: 'z'.repeat(900) }, url),
    );
    expect(body.blocks[0]!.text.text).toHaveLength(150);
    expect(body.blocks[1]!.text.text).toHaveLength(3_000);
  });

  test.each([
    ['ok', true],
    ['', true],
    ['{"ok":true}', true],
    ['invalid_payload', false],
    ['{"ok":false,"error":"no_service"}', false],
    ['<html>a proxy’s page</html>', false],
  ])('that answers %j has taken it: %s', (body, isTaken) => {
    expect(slackComplaint({ status: 200, body }) === null).toBe(isTaken);
  });
});

describe('WeCom', () => {
  test('gets plain text within 2,048 bytes, whole characters', () => {
    const body: { msgtype: string; text: { content: string } } = bodyOf(
      wecomRequest(content('漏'.repeat(2_000)), url),
    );
    expect(body.msgtype).toBe('text');
    expect(Buffer.byteLength(body.text.content)).toBeLessThanOrEqual(2_048);
    expect(body.text.content).toContain('https://punctual.example.org/runs/481');
  });

  test('that says no under status 200 hasn’t taken it', () => {
    expect(wecomComplaint({ status: 200, body: '{"errcode":0,"errmsg":"ok"}' })).toBeNull();
    expect(
      wecomComplaint({ status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook url"}' }),
    ).toBe('the robot refused it with 93000: invalid webhook url');
    expect(wecomComplaint({ status: 200, body: 'hello' })).toContain('is the address right?');
    expect(wecomComplaint({ status: 200, body: '{"errcode":"0"}' })).not.toBeNull();
  });
});

describe('DingTalk', () => {
  test('signs in the address, by time and secret, as its robots ask', () => {
    const secret = 'SEC0123456789';
    const request = dingtalkRequest(content('x'), url, secret, now);
    const timestamp = String(now.getTime());
    const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
    expect(request.url.searchParams.get('timestamp')).toBe(timestamp);
    expect(request.url.searchParams.get('sign')).toBe(sign);
    // + and / would be read as something else.
    expect(request.url.search).not.toMatch(/sign=[^&]*[+/]/);
    expect(request.url.searchParams.get('key')).toBe('abc');
    expect(url.searchParams.has('sign')).toBe(false);
  });

  test('without a secret isn’t signed, and finds its keyword in each message', () => {
    const request = dingtalkRequest(content(NASTY), url, '', now);
    expect(request.url.href).toBe(url.href);
    const body: { msgtype: string; text: { content: string } } = bodyOf(request);
    expect(body.msgtype).toBe('text');
    expect(body.text.content).toMatch(/^\[Punctual\] nightly-backup failed\n/);
    expect(body.text.content).toContain(NASTY);
  });

  test('that says no under status 200 hasn’t taken it', () => {
    expect(dingtalkComplaint({ status: 200, body: '{"errcode":0,"errmsg":"ok"}' })).toBeNull();
    expect(
      dingtalkComplaint({ status: 200, body: '{"errcode":310000,"errmsg":"sign not match"}' }),
    ).toBe('the robot refused it with 310000: sign not match');
  });
});

describe('Feishu', () => {
  test('gets a post of plain text elements, signed in the body', () => {
    const body: {
      timestamp: string;
      sign: string;
      msg_type: string;
      content: { post: { en_us: { title: string; content: Record<string, string>[][] } } };
    } = bodyOf(feishuRequest(content(NASTY), url, 'secret', now));
    expect(body.timestamp).toBe('1795252440');
    expect(body.sign).toBe(createHmac('sha256', '1795252440\nsecret').update('').digest('base64'));
    expect(body.msg_type).toBe('post');
    const { title, content: lines } = body.content.post.en_us;
    expect(title).toBe('Punctual: nightly-backup failed');
    expect(lines[0]).toEqual([{ tag: 'text', text: NASTY }]);
    expect(lines.at(-1)).toEqual([
      { tag: 'a', text: 'Open the run', href: 'https://punctual.example.org/runs/481' },
    ]);
  });

  test('signs as other implementations do', () => {
    // Reckoned with Python's hmac.new(b'1599360473\nabc', b'', sha256).
    expect(feishuSign('1599360473', 'abc')).toBe('cgtpJzI2j6bUDggbdGYjskCK3FPgKpTkwosfWsMzKqM=');
  });

  test.each([
    ['{"code":0,"msg":"success","data":{}}', true],
    ['{"StatusCode":0,"StatusMessage":"success"}', true],
    ['{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}', false],
    ['{"code":9499,"msg":"Bad Request"}', false],
    ['', false],
  ])('that answers %s has taken it: %s', (body, isTaken) => {
    expect(feishuComplaint({ status: 200, body }) === null).toBe(isTaken);
  });
});

describe('a webhook', () => {
  const settings = {
    kind: 'webhook' as const,
    method: 'PUT' as const,
    headerNames: ['X-Token'],
    contentType: 'application/json',
    body: '',
    isGrouped: true,
    hasSecret: true,
  };
  const secrets = { url: url.href, secret: 'routing "key"', headers: { 'X-Token': 't0ken' } };
  const filled = (body: string, contentType = 'application/json') =>
    webhookRequest(content(NASTY), { ...settings, body, contentType }, secrets, url).body;

  test('sends everything as JSON where no body is given', () => {
    const request = webhookRequest(content(NASTY), settings, secrets, url);
    expect(request).toMatchObject({
      method: 'PUT',
      headers: { 'x-token': 't0ken', 'content-type': 'application/json' },
    });
    expect(bodyOf(request)).toMatchObject({
      event: 'opened',
      job: { key: 'nightly-backup', labels: { team: 'billing' } },
      incident: { id: 12, runs: 3, cause: NASTY },
      run: 481,
      idempotency_key: 'punctual-0-m7',
    });
  });

  test('fills in what is named, written for where it stands', () => {
    expect(JSON.parse(filled('{"cause":"{{cause}}","n":{{times}}}'))).toEqual({
      cause: NASTY,
      n: 3,
    });
    const form = filled('c={{cause}}&j={{job}}', 'application/x-www-form-urlencoded');
    expect(new URLSearchParams(form).get('c')).toBe(NASTY);
    expect(form).not.toContain("'");
    expect(filled('<p t="{{cause}}">{{cause}}</p>', 'text/html; charset=utf-8')).not.toMatch(
      /<!channel|<at|"q"/,
    );
    expect(filled('{{cause}}', 'text/plain')).toBe(NASTY);
  });

  test('fills in its secret, which no document without a body of its own has', () => {
    expect(JSON.parse(filled('{"routing_key":"{{secret}}"}'))).toEqual({
      routing_key: 'routing "key"',
    });
    expect(webhookRequest(content('x'), settings, secrets, url).body).not.toContain('routing');
  });

  test('leaves other braces alone, and looks at no value again', () => {
    expect(filled('{{.Names}} {{json .}} {{nothing}}', 'text/plain')).toBe(
      '{{.Names}} {{json .}} {{nothing}}',
    );
    expect(filled('{{cause}}', 'text/plain')).toContain('{{job}}');
  });
});

test('a mail is plain text, and the same message at each try', () => {
  const mail = emailOf(content(NASTY), ['a@example.org'], 'punctual@mail.example.org');
  expect(mail).toMatchObject({
    to: ['a@example.org'],
    subject: '[Punctual] nightly-backup failed',
    messageId: '<punctual-0-m7@mail.example.org>',
    headers: { References: '<punctual-0-i12@mail.example.org>' },
  });
  expect(mail.html).toBeUndefined();
  expect(mail.text).toContain(NASTY);
});
