import { closeAllStreams } from './hub.ts';

/** An open event stream would hold a process that is told to stop for as long as its browser stays. */
export function closeStreamsWhenTold(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void closeAllStreams());
  }
}
