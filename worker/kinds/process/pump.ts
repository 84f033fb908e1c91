import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** After the job's processes have ended their pipes close at once; silence for so long means that a stranger holds one. */
const SILENCE_MS = 500;
const LONGEST_DRAIN_MS = 5_000;

/** Carries one pipe of a process into the log, no faster than the log takes it. */
export class Pump {
  readonly #stream: Readable;
  readonly #ended: Promise<void>;
  #isBlocked = false;
  #lastAt = performance.now();
  /** Something still held the pipe open when `drain` gave up. */
  wasCutOff = false;

  constructor(stream: Readable, write: (bytes: Uint8Array) => Promise<void> | void) {
    this.#stream = stream;
    this.#ended = new Promise((resolve) => {
      stream.once('end', resolve);
      stream.once('close', resolve);
      stream.once('error', () => resolve());
      if (stream.readableEnded || stream.destroyed) resolve();
    });
    stream.on('data', (bytes: Buffer) => {
      this.#lastAt = performance.now();
      const room = write(bytes);
      if (!room) return;
      this.#isBlocked = true;
      stream.pause();
      void room.then(() => {
        this.#isBlocked = false;
        this.#lastAt = performance.now();
        stream.resume();
      });
    });
  }

  /**
   * Reads what is left after the processes have ended. Waits for a log that takes nothing just now, unless the work was
   * told to stop; then, and for a pipe that a stranger keeps writing to, the time is bounded.
   */
  async drain(signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const ended = this.#ended.then(() => true);
    while (!(await Promise.race([ended, pause(20).then(() => false)]))) {
      const now = performance.now();
      const isPatient = this.#isBlocked && !signal.aborted;
      if (isPatient) continue;
      if (now - this.#lastAt > SILENCE_MS || now - startedAt > LONGEST_DRAIN_MS) {
        this.wasCutOff = true;
        this.#stream.destroy();
        return;
      }
    }
  }
}
