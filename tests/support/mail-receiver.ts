import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type ReceivedMail = { from: string; to: string[]; source: string };

export type MailReceiver = {
  port: number;
  /** All mail so far, oldest first. */
  received: ReceivedMail[];
  /** Resolves when so many have come. */
  until(count: number): Promise<ReceivedMail[]>;
  close(): Promise<void>;
};

/** A real SMTP server on this host, which takes all mail unless told otherwise. */
export async function startMailReceiver(options: SMTPServerOptions = {}): Promise<MailReceiver> {
  const received: ReceivedMail[] = [];
  let waiting: (() => void)[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    async onData(stream, session, done) {
      const source = await text(stream);
      const { mailFrom, rcptTo } = session.envelope;
      received.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        source,
      });
      for (const wake of waiting.splice(0)) wake();
      done();
    },
    ...options,
  });
  // A client that hangs up is no concern of the test’s.
  server.on('error', () => {});
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as { port: number }).port,
    received,
    async until(count) {
      while (received.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return received;
    },
    close: () =>
      new Promise((resolve) => {
        waiting = [];
        server.close(() => resolve());
      }),
  };
}
