// The part of a contender's worker process that all have in common: it loads, starts when it is told to, and answers
// which no-ops started when.

/** [which no-op, when it started: ms since 1970, with fractions] */
export type Start = [n: number, atMs: number];

export type ToWorker =
  { do: 'start'; url: string; settings: Readonly<Record<string, unknown>> } | { do: 'starts' };
export type FromWorker = { is: 'loaded' } | { is: 'started' } | { is: 'starts'; starts: Start[] };

let starts: Start[] = [];

/** Called first by every no-op. */
export function noteStart(n: number): void {
  starts.push([n, performance.timeOrigin + performance.now()]);
}

/** @param start resolves when the worker takes jobs */
export function serve(
  start: (url: string, settings: Readonly<Record<string, unknown>>) => Promise<void>,
): void {
  process.on('message', (message: ToWorker) => void answer(message));
  process.on('disconnect', () => process.exit());
  say({ is: 'loaded' });

  async function answer(message: ToWorker): Promise<void> {
    if (message.do === 'start') {
      await start(message.url, message.settings);
      say({ is: 'started' });
    } else {
      say({ is: 'starts', starts });
      starts = [];
    }
  }
}

function say(message: FromWorker): void {
  process.send?.(message);
}
