import type { Answer, Kind, StopReason, Work } from '#worker/kinds/kind.ts';

/** An attempt without a database: its log is kept as text, and the test can stop it. */
export type TestWork<Config> = {
  work: Work<Config>;
  /** What it wrote so far. */
  stdout(): string;
  stderr(): string;
  notes: string[];
  /** Bytes it wrote so far, both streams. */
  bytes(): number;
  stop(reason?: StopReason): void;
};

/** @param more what differs from a first attempt of run 4711 that writes into memory */
export function testWork<Config>(
  config: Config,
  more: Partial<Omit<Work<Config>, 'config'>> = {},
): TestWork<Config> {
  const written: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };
  const notes: string[] = [];
  const controller = new AbortController();
  let bytes = 0;
  const text = (stream: 'stdout' | 'stderr') => Buffer.concat(written[stream]).toString('utf8');
  return {
    work: {
      config,
      jobKey: 'nightly-backup',
      runId: 4711,
      attempt: 2,
      trigger: 'manual',
      scheduledFor: new Date('2026-11-20T02:30:00Z'),
      stretch: {
        from: new Date('2026-11-20T01:30:00Z'),
        to: new Date('2026-11-20T02:30:00Z'),
      },
      state: '',
      parameterFeed: null,
      traceId: '0123456789abcdef0123456789abcdef',
      parameters: {},
      secrets: {},
      hide: (text) => text,
      log: {
        write(stream, chunk) {
          bytes += chunk.length;
          written[stream].push(Uint8Array.from(chunk));
        },
        note: (line) => notes.push(line),
      },
      signal: controller.signal,
      mayGoOn: () => !controller.signal.aborted,
      killGraceMs: 300,
      httpAllow: [],
      ...more,
    },
    stdout: () => text('stdout'),
    stderr: () => text('stderr'),
    notes,
    bytes: () => bytes,
    stop: (reason = 'cancelled') => controller.abort(reason),
  };
}

/** Executes it to its end. */
export async function answerOf<Config>(
  kind: Kind<Config>,
  config: Config,
  more: Partial<Omit<Work<Config>, 'config'>> = {},
): Promise<TestWork<Config> & { answer: Answer; tookMs: number }> {
  const test = testWork(config, more);
  const startedAt = performance.now();
  const answer = await kind.execute(test.work);
  return { ...test, answer, tookMs: performance.now() - startedAt };
}
