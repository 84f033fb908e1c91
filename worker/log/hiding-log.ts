import type { Reading } from '#core/secrets/redaction/reading.ts';
import { redact, Redactor } from '#core/secrets/redaction/redactor.ts';
import type { AttemptLog } from './attempt-log.ts';

/** A log that gets nothing of what the reading looks for: neither in the job's output nor in Punctual's own lines. */
export class HidingLog implements AttemptLog {
  readonly #log: AttemptLog;
  #reading: Reading;
  readonly #redactors: Record<'stdout' | 'stderr', Redactor>;

  constructor(log: AttemptLog, reading: Reading) {
    this.#log = log;
    this.#reading = reading;
    this.#redactors = { stdout: new Redactor(reading), stderr: new Redactor(reading) };
  }

  /** Looks for what this reading does from now on, which is more. */
  goOnWith(reading: Reading): void {
    this.#reading = reading;
    for (const stream of ['stdout', 'stderr'] as const) {
      const { redactor, given } = this.#redactors[stream].goOn(reading);
      this.#redactors[stream] = redactor;
      if (given.length > 0) void this.#log.write(stream, given);
    }
  }

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | void {
    const known = this.#redactors[stream].push(bytes);
    return known.length === 0 ? undefined : this.#log.write(stream, known);
  }

  note(text: string): void {
    this.#log.note(redact(this.#reading, text));
  }

  finish() {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#redactors[stream].end();
      if (rest.length > 0) void this.#log.write(stream, rest);
    }
    return this.#log.finish();
  }

  abandon(): void {
    this.#log.abandon();
  }
}
