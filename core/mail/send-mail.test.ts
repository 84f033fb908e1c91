import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type MailReceiver, startMailReceiver } from '#tests/support/mail-receiver.ts';
import { mailServerOf } from './mail-server.ts';
import { type Mail, sendMail } from './send-mail.ts';

const receivers: MailReceiver[] = [];
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
});

async function receiver(options?: Parameters<typeof startMailReceiver>[0]) {
  const started = await startMailReceiver(options);
  receivers.push(started);
  return started;
}

const serverAt = (address: string) =>
  mailServerOf({
    PUNCTUAL_SMTP_URL: address,
    PUNCTUAL_MAIL_FROM: 'Punctual <punctual@example.org>',
  })!;

const mail: Mail = { to: ['on-call@example.org'], subject: 'Hello', text: 'A line.\n' };

describe('sendMail', () => {
  it('hands a mail over as it was written', async () => {
    const to = await receiver();
    const answer = await sendMail(serverAt(`smtp://127.0.0.1:${to.port}`), {
      ...mail,
      to: ['a@example.org', 'b@example.org'],
      subject: 'nächtliche Sicherung 🌙',
      messageId: '<one@example.org>',
    });
    expect(answer).toMatchObject({ ok: true, refused: [] });
    const [got] = to.received;
    expect(got).toMatchObject({
      from: 'punctual@example.org',
      to: ['a@example.org', 'b@example.org'],
    });
    expect(got!.source).toContain('Message-ID: <one@example.org>');
    expect(got!.source).toContain('Auto-Submitted: auto-generated');
    expect(got!.source).toMatch(/Subject: =\?UTF-8\?/);
  });

  it('lets no subject become a header or a recipient', async () => {
    const to = await receiver();
    await sendMail(serverAt(`smtp://127.0.0.1:${to.port}`), {
      ...mail,
      subject: 'x\r\nBcc: everybody@example.org\r\n\r\nbody',
    });
    const [got] = to.received;
    expect(got!.to).toEqual(['on-call@example.org']);
    expect(got!.source).not.toMatch(/^Bcc:/im);
  });

  it('says in the server’s words that it refused, and that it is for good', async () => {
    const to = await receiver({
      onRcptTo(_address, _session, done) {
        done(Object.assign(new Error('5.1.1 no such mailbox'), { responseCode: 550 }));
      },
    });
    const answer = await sendMail(serverAt(`smtp://127.0.0.1:${to.port}`), mail);
    expect(answer).toMatchObject({ ok: false, isForGood: true });
    expect(!answer.ok && answer.cause).toContain('550 5.1.1 no such mailbox');
  });

  it('names those that one of several was refused for', async () => {
    const to = await receiver({
      onRcptTo({ address }, _session, done) {
        if (address !== 'gone@example.org') return done();
        done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
      },
    });
    const answer = await sendMail(serverAt(`smtp://127.0.0.1:${to.port}`), {
      ...mail,
      to: ['here@example.org', 'gone@example.org'],
    });
    expect(answer).toMatchObject({ ok: true, refused: ['gone@example.org'] });
  });

  it('may be tried again when nobody listens', async () => {
    const to = await receiver();
    await receivers.pop()!.close();
    const answer = await sendMail(serverAt(`smtp://127.0.0.1:${to.port}`), mail);
    expect(answer).toMatchObject({ ok: false, isForGood: false });
    expect(!answer.ok && answer.cause).toContain(`127.0.0.1:${to.port}`);
  });

  it('repeats no password that the server repeats', async () => {
    const to = await receiver({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ password }, _session, done) {
        const plain = Buffer.from(`\0ops\0${password}`).toString('base64');
        done(
          Object.assign(new Error(`who is ${password}, that is ${plain}?`), { responseCode: 535 }),
        );
      },
    });
    const server = serverAt(`smtp://ops:s3cret%20pass@127.0.0.1:${to.port}`);
    const answer = await sendMail(server, mail);
    expect(answer).toMatchObject({ ok: false, isForGood: true });
    expect(JSON.stringify(answer)).not.toMatch(/s3cret|b3Bz/);
    expect(!answer.ok && answer.cause).toContain('535');
  });

  it('sends no password in the clear beyond this host', () => {
    expect(serverAt('smtp://ops:secret@mail.example.org').needsTls).toBe(true);
    expect(serverAt('smtp://mail.example.org').needsTls).toBe(false);
    expect(serverAt('smtps://ops:secret@mail.example.org')).toMatchObject({
      isSecure: true,
      port: 465,
    });
    expect(serverAt('smtp://ops:secret@[::1]:2525')).toMatchObject({
      needsTls: false,
      host: '::1',
      port: 2525,
    });
  });

  it('ends with its signal, however the server drags on', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const ended = new AbortController();
    silent.once('connection', () => ended.abort());
    const answer = await sendMail(serverAt(`smtp://127.0.0.1:${port}`), mail, ended.signal);
    expect(answer).toMatchObject({ ok: false, isForGood: false });
    silent.close();
  });
});
