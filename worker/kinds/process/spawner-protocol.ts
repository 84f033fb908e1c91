// What a worker and its spawner say to each other.

export type Start = {
  program: string;
  args: readonly string[];
  cwd: string;
  environment: Record<string, string>;
};

/** To the spawner: start this, with connections to the socket at `address` as its outputs. */
export type Order = Start & { id: number; askedAtMs: number; address: string };

/** From the spawner. */
export type Report = { what: 'ready' } | ReportOf;

/** What became of an order. */
export type ReportOf = { id: number } & (
  | { what: 'started'; pid: number }
  | { what: 'refused'; code: string | undefined; message: string }
  | { what: 'stale' }
  /** Nobody answers at the address: somebody tidied the folder away. */
  | { what: 'unreachable'; address: string }
  | ({ what: 'exited' } & Exit)
);

/** How a process ended; both are null where nobody knows, since the spawner ended before it. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** Frozen together with its worker, a spawner must not start afterwards what another worker may have started by then. */
export const STALE_AFTER_MS = 1_000;

/** By a clock that both processes have and nobody sets. */
export const monotonicMs = () => Number(process.hrtime.bigint() / 1_000_000n);

export type StreamName = 'stdout' | 'stderr';

export const OPENING_BYTES = 24;

/** The first bytes of an output, before those of the process: whose they are. */
export const openingOf = (id: number, stream: StreamName) =>
  `${stream} ${id}`.padEnd(OPENING_BYTES);

export function readOpening(bytes: Buffer): { id: number; stream: StreamName } {
  const [stream, id] = bytes.toString('latin1').split(' ');
  return { id: Number(id), stream: stream === 'stderr' ? stream : 'stdout' };
}
