import { beforeEach, describe, expect, test } from 'vitest';
import { createChannel, deleteChannel, editChannel, testChannel } from '#core/channels/channels.ts';
import type { ChannelInput } from '#core/channels/channel.ts';
import {
  listMessages,
  readChannels,
  readChannelUses,
  readUndeliveredMessages,
} from '#core/channels/read-channels.ts';
import { openChannel } from '#core/channels/sealing.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { changeMessageRule, sendMessageAgain } from '#core/messages/change-rule.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import { prisma } from '#core/prisma.ts';
import { ownKeys } from '#core/secrets/own-keys.ts';
import { rotateSecrets } from '#core/secrets/rotate.ts';
import { mailServerOf } from '#core/mail/mail-server.ts';
import { parseAllowList } from '#core/outbound/address-guard.ts';
import { receiver } from '#tests/support/channels.ts';
import { makeJob, testDefinition } from '#tests/support/jobs.ts';
import { startMailReceiver } from '#tests/support/mail-receiver.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { silent } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { englishHealthWords } from '#core/health/english.ts';
import { createMessenger } from '#worker/messenger.ts';

const web = webDatabase();
beforeEach(async () => {
  await web.db().sql('TRUNCATE message, incident, channel');
  await web
    .db()
    .sql(
      `UPDATE installation SET message_rule = '{"channels": [], "on": ["failed"], "remindHours": null}'`,
    );
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
});

const TOKEN = 'T0000-B0000-very-secret-token';
type Settings = Parameters<typeof createChannel>[1]['settings'];
const slack = (url = `https://hooks.example.org/services/${TOKEN}`): Settings => ({
  kind: 'slack',
  url,
});
const webhook = (given: Partial<Extract<Settings, { kind: 'webhook' }>> = {}): Settings => ({
  kind: 'webhook',
  url: `https://hooks.example.org/in/${TOKEN}`,
  headers: [{ name: 'Authorization', value: `Bearer ${TOKEN}` }],
  ...given,
});
const make = async (key: string, settings: Settings) =>
  valueOf(await createChannel(admin, { key, settings }));
const secretsOf = async (key: string) => {
  const row = await prisma().channel.findUniqueOrThrow({ where: { key } });
  return openChannel(ownKeys(), key, row);
};

async function everyRow(): Promise<string> {
  const rows = await web.db().sql<{ row: string }>(
    `SELECT t::text AS row FROM channel t UNION ALL SELECT t::text FROM audit_entry t
      UNION ALL SELECT t::text FROM message t UNION ALL SELECT t::text FROM installation t`,
  );
  return rows.map(({ row }) => row).join('\n');
}

describe('what gives access to a channel', () => {
  test('is sealed, in no row, in no entry of the trail and in no answer', async () => {
    await make('chat', slack());
    await make('hook', webhook());
    await make('pager', webhook({ body: '{"key":"{{secret}}"}', secret: TOKEN, hasSecret: true }));
    await make('ding', {
      kind: 'dingtalk',
      url: `https://oapi.example.org/robot/send?access_token=${TOKEN}`,
      isSigned: true,
      secret: `SEC-${TOKEN}`,
    });
    valueOf(
      await editChannel(admin, {
        key: 'hook',
        settings: webhook({ url: `https://hooks.example.org/other/${TOKEN}` }),
        basedOnVersion: 1,
      }),
    );
    valueOf(await deleteChannel(admin, { key: 'chat' }));
    const said = JSON.stringify([await readChannels(admin), await listMessages(admin, {})]);
    for (const text of [await everyRow(), said]) {
      expect(text).toContain('hooks.example.org');
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(Buffer.from(TOKEN).toString('hex'));
      expect(text).not.toContain(Buffer.from(TOKEN).toString('base64').slice(0, 24));
    }
    expect((await secretsOf('hook'))!.url).toContain(TOKEN);
  });

  test('stays as it is where a field is left empty', async () => {
    await make('hook', webhook());
    const before = await secretsOf('hook');
    const kept = webhook({
      url: '',
      headers: [{ name: 'Authorization', value: '' }],
      method: 'PUT',
    });
    valueOf(await editChannel(admin, { key: 'hook', settings: kept, basedOnVersion: 1 }));
    expect(await secretsOf('hook')).toEqual(before);
    const entry = await prisma().auditEntry.findFirstOrThrow({
      where: { action: 'channel.edit' },
      orderBy: { id: 'desc' },
    });
    expect(entry.after).toMatchObject({ method: 'PUT', secretsChanged: false });
  });

  test('doesn’t follow the address to another host', async () => {
    await make('hook', webhook());
    const stolen = webhook({
      url: 'https://elsewhere.example.org/in',
      headers: [{ name: 'Authorization', value: '' }],
    });
    const refused = refusalOf(
      await editChannel(admin, { key: 'hook', settings: stolen, basedOnVersion: 1 }),
    );
    expect(refused.message).toContain('another host');
    await make('ding', {
      kind: 'dingtalk',
      url: 'https://oapi.example.org/robot/send?access_token=x',
      isSigned: true,
      secret: 'SEC-a-b-c',
    });
    expect(
      refusalOf(
        await editChannel(admin, {
          key: 'ding',
          settings: { kind: 'dingtalk', url: 'https://elsewhere.example.org/', isSigned: true },
          basedOnVersion: 1,
        }),
      ).fields,
    ).toMatchObject([{ path: ['settings', 'secret'] }]);
  });

  test('can’t be carried from one channel’s row to another’s', async () => {
    await make('one', slack());
    await make('two', slack('https://hooks.example.org/services/other'));
    await web
      .db()
      .sql(
        `UPDATE channel SET sealed = (SELECT sealed FROM channel WHERE key = 'one') WHERE key = 'two'`,
      );
    expect(await secretsOf('two')).toBeNull();
  });

  test('is sealed anew with the other secrets', async () => {
    await make('chat', slack());
    expect(valueOf(await rotateSecrets(admin))).toMatchObject({ changed: [], unreadable: 0 });
    await web.db().sql(`UPDATE channel SET key_id = 'another'`);
    expect(valueOf(await rotateSecrets(admin))).toMatchObject({ unreadable: 1 });
  });
});

describe('a channel', () => {
  test.each<[string, unknown, string]>([
    ['no address', { key: 'x', settings: { kind: 'slack', url: '' } }, 'settings.url'],
    [
      'a file',
      { key: 'x', settings: { kind: 'slack', url: 'file:///etc/passwd' } },
      'settings.url',
    ],
    ['a name with spaces', { key: 'x y', settings: slack() }, 'key'],
    ['a mail to nobody', { key: 'x', settings: { kind: 'email', to: [] } }, 'settings.to'],
    [
      'a line break in an address',
      { key: 'x', settings: { kind: 'email', to: ['a@b.org\nBcc: c@d.org'] } },
      'settings.to.0',
    ],
    [
      'a header that frames the message',
      { key: 'x', settings: webhook({ headers: [{ name: 'Content-Length', value: '1' }] }) },
      'settings.headers.0.name',
    ],
    [
      'a header with a line break',
      { key: 'x', settings: webhook({ headers: [{ name: 'X', value: 'a\r\nY: b' }] }) },
      'settings.headers.0.value',
    ],
    [
      'a header twice',
      {
        key: 'x',
        settings: webhook({
          headers: [
            { name: 'X', value: '1' },
            { name: 'x', value: '2' },
          ],
        }),
      },
      'settings.headers',
    ],
    [
      'a signature without a secret',
      { key: 'x', settings: { kind: 'feishu', url: 'https://a.example.org/', isSigned: true } },
      'settings.secret',
    ],
  ])('with %s is refused at its field', async (_, input, field) => {
    const refused = refusalOf(await createChannel(admin, input as ChannelInput));
    expect(refused.fields!.map(({ path }) => path.join('.'))).toContain(field);
    expect(await prisma().channel.count()).toBe(0);
  });

  test('has a name of its own, and is changed by one at a time', async () => {
    await make('chat', slack());
    expect(
      refusalOf(await createChannel(admin, { key: 'chat', settings: slack() })).message,
    ).toContain('already');
    const edit = { key: 'chat', settings: slack(''), description: 'at night', basedOnVersion: 1 };
    expect(valueOf(await editChannel(admin, edit))).toEqual({ key: 'chat', version: 2 });
    expect(refusalOf(await editChannel(admin, edit)).code).toBe('conflict');
    expect(
      refusalOf(await editChannel(admin, { ...edit, settings: webhook(), basedOnVersion: 2 })).code,
    ).toBe('conflict');
  });

  test('is looked after by admins; others see that it is there', async () => {
    await make('mail', { kind: 'email', to: ['on-call@example.org'] });
    const input = { key: 'chat', settings: slack() };
    await expect(createChannel(viewer, input)).rejects.toThrow(NotAllowed);
    await expect(testChannel(viewer, { key: 'mail' })).rejects.toThrow(NotAllowed);
    await expect(listMessages(viewer, {})).rejects.toThrow(NotAllowed);
    const seen = await readChannels(viewer);
    expect(seen.channels).toMatchObject([{ key: 'mail', recipients: 1, settings: null }]);
    expect(JSON.stringify(seen)).not.toContain('on-call');
  });

  test('that is deleted leaves no job mute, takes no message along, and says who is hit', async () => {
    await make('team', slack());
    await make('other', slack());
    valueOf(
      await changeMessageRule(admin, {
        channels: ['team', 'other'],
        on: ['failed'],
        remindHours: null,
      }),
    );
    const messages = { use: 'channels' as const, channels: ['team'] };
    await makeJob(web.db(), { key: 'alone', messages });
    await makeJob(web.db(), {
      key: 'with-another',
      messages: { ...messages, channels: ['team', 'other'] },
    });
    expect((await readChannelUses(admin, 'team')).jobs).toEqual([
      { key: 'alone', others: 0 },
      { key: 'with-another', others: 1 },
    ]);
    valueOf(await testChannel(admin, { key: 'team' }));
    valueOf(await deleteChannel(admin, { key: 'team' }));
    expect((await readChannels(admin)).rule.channels).toEqual(['other']);
    expect((await listMessages(admin, {})).messages).toMatchObject([{ state: 'dropped' }]);
    expect(refusalOf(await deleteChannel(admin, { key: 'team' })).code).toBe('not_found');
  });
});

describe('a job’s channels', () => {
  const definition = (key: string, channels: string[]) =>
    testDefinition({ key, messages: { use: 'channels', channels } });

  test('are those that there are', async () => {
    await make('team', slack());
    const refused = refusalOf(await createJob(admin, definition('a', ['team', 'nobody'])));
    expect(refused).toMatchObject({
      message: 'There is no channel nobody. Choose of team.',
      fields: [{ path: ['messages', 'channels'] }],
    });
    expect(refusalOf(await createJob(admin, definition('a', []))).fields).toMatchObject([
      { path: ['messages', 'channels'] },
    ]);
    valueOf(await createJob(admin, definition('a', ['team'])));
  });

  test('may be gone without keeping anybody from another edit', async () => {
    await make('team', slack());
    const job = await makeJob(web.db(), {
      key: 'b',
      messages: { use: 'channels', channels: ['team'] },
    });
    valueOf(await deleteChannel(admin, { key: 'team' }));
    const edited = { ...job.definition, notes: 'later' };
    valueOf(
      await editJob(admin, { jobId: job.id, basedOnRevision: 1, definition: edited, note: '' }),
    );
  });
});

describe('messages', () => {
  const messenger = (mailServer: ReturnType<typeof mailServerOf> = null) =>
    createMessenger({
      pool: web.db().pool,
      logger: silent,
      keys: ownKeys(),
      consoleUrl: null,
      allow: parseAllowList(['127.0.0.1']),
      mailServer,
      words: englishHealthWords(),
      intervalMs: 1_000,
      onSent: () => {},
    });
  const sendAll = async (by = messenger()) => {
    await by.runOnce();
    await by.idle();
  };

  test('go out by mail, as one thread a problem, with the same name at each try', async () => {
    const mail = await startMailReceiver();
    try {
      await make('mail', { kind: 'email', to: ['on-call@example.org', 'lead@example.org'] });
      const { messageId } = valueOf(await testChannel(admin, { key: 'mail' }));
      await sendAll(
        messenger(
          mailServerOf({
            PUNCTUAL_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
            PUNCTUAL_MAIL_FROM: 'punctual@mail.example.org',
          }),
        ),
      );
      const [got] = mail.received;
      expect(got!.to).toEqual(['on-call@example.org', 'lead@example.org']);
      expect(got!.source).toContain('Subject: [Punctual] Test message');
      expect(got!.source).toMatch(
        new RegExp(`Message-ID:\\s+<punctual-.*-m${messageId}@mail.example.org>`),
      );
      expect((await listMessages(admin, {})).messages).toMatchObject([
        { state: 'sent', answer: { ok: true, status: 250 } },
      ]);
    } finally {
      await mail.close();
    }
  });

  test('by mail without a server say so', async () => {
    await make('mail', { kind: 'email', to: ['on-call@example.org'] });
    valueOf(await testChannel(admin, { key: 'mail' }));
    await sendAll();
    const { messages } = await listMessages(admin, {});
    expect(messages[0]).toMatchObject({ state: 'failed', attempts: 1 });
    expect(messages[0]!.answer!.cause).toContain('PUNCTUAL_SMTP_URL');
  });

  test('that were given up are counted, and sent once more when somebody asks', async () => {
    let isDown = true;
    const to = await receiver(() => (isDown ? { status: 500 } : {}));
    await make('hook', webhook({ url: to.origin, headers: [] }));
    await web
      .db()
      .sql(`INSERT INTO message (channel, event, attempts) VALUES ('hook', 'summary', 9)`);
    await sendAll();
    expect(await readUndeliveredMessages(viewer)).toEqual({ messages: 1, channels: ['hook'] });
    const { messages } = await listMessages(admin, { undelivered: 'yes' });
    expect(messages).toMatchObject([{ state: 'failed', attempts: 10 }]);
    isDown = false;
    valueOf(await sendMessageAgain(admin, messages[0]!.id));
    await sendAll();
    expect(await readUndeliveredMessages(viewer)).toMatchObject({ messages: 0 });
    expect(refusalOf(await sendMessageAgain(admin, messages[0]!.id)).code).toBe('conflict');
  });
});
