import type { ChunkToStore } from '#core/logs/append.sql.ts';
import { AttemptCollector } from './attempt-collector.ts';
import type { AttemptLog, AttemptLogOptions, LogSummary } from './attempt-log.ts';

/** What the writer gives each of its logs. */
export type WriterSide = {
  /** Now, by the database's clock. */
  nowMs(): number;
  /** Something waits to be taken, or has gone. Urgent: somebody waits for its being stored. */
  hasChanged(memoryDelta: number, isUrgent: boolean): void;
  /** All logs together hold as much as the process may. */
  isCrowded(): boolean;
  hasClosed(): void;
};

/** Above this a writer of output is asked to wait, until half of it is stored. */
const MOST_WAITING_MEMORY = 2 * 1024 * 1024;

/** The log of one attempt: what its kind and the finisher see, and what the writer takes. */
export class OpenLog implements AttemptLog {
  readonly #runId: number;
  readonly #attempt: number;
  readonly #workerId: number;
  readonly #onLeaseLost: () => void;
  readonly #collector: AttemptCollector;
  readonly #writer: WriterSide;
  readonly #finished = Promise.withResolvers<LogSummary>();
  #room: PromiseWithResolvers<void> | null = null;
  #waitingMemory = 0;
  isEnding = false;
  #isClosed = false;

  constructor(options: AttemptLogOptions, workerId: number, writer: WriterSide) {
    this.#runId = options.runId;
    this.#attempt = options.attempt;
    this.#onLeaseLost = options.onLeaseLost;
    this.#workerId = workerId;
    this.#writer = writer;
    this.#collector = new AttemptCollector(options);
  }

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | void {
    if (this.#isClosed) return;
    this.#collector.push(stream, bytes, this.#writer.nowMs());
    const isFull =
      this.#collector.waitingMemory > MOST_WAITING_MEMORY ||
      (this.#collector.waitingMemory > 0 && this.#writer.isCrowded());
    this.#account(isFull);
    if (!isFull) return;
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  note(text: string): void {
    if (this.#isClosed) return;
    this.#collector.note(text, this.#writer.nowMs());
    this.#account(false);
  }

  finish(): Promise<LogSummary> {
    if (!this.isEnding && !this.#isClosed) {
      this.isEnding = true;
      this.#collector.end(this.#writer.nowMs());
      this.#account(!this.#collector.isEmpty);
      this.#closeIfDone();
    }
    return this.#finished.promise;
  }

  abandon(): void {
    this.#close(false);
  }

  // From here on: for the writer.

  takeInMs(nowMs: number): number | null {
    return this.#collector.takeInMs(nowMs);
  }

  take(nowMs: number): ChunkToStore | null {
    const chunk = this.#collector.take(nowMs);
    if (!chunk) return null;
    return { runId: this.#runId, workerId: this.#workerId, attempt: this.#attempt, ...chunk };
  }

  acknowledge(): void {
    if (this.#isClosed) return;
    this.#collector.acknowledge();
    this.#account(false);
    if (this.#room && this.#waitingMemory < MOST_WAITING_MEMORY / 2) this.#giveRoom();
    this.#closeIfDone();
  }

  loseLease(): void {
    if (this.#isClosed) return;
    this.#close(false);
    this.#onLeaseLost();
  }

  #closeIfDone(): void {
    if (this.isEnding && this.#collector.isEmpty) this.#close(true);
  }

  #close(isOwned: boolean): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!isOwned) this.#collector.drop();
    this.#account(false);
    this.#giveRoom();
    const { lines, bytes, wordsSeen, causeLine } = this.#collector;
    this.#writer.hasClosed();
    this.#finished.resolve({ isOwned, lines, bytes, wordsSeen, causeLine });
  }

  #giveRoom(): void {
    this.#room?.resolve();
    this.#room = null;
  }

  #account(isUrgent: boolean): void {
    const { waitingMemory } = this.#collector;
    const delta = waitingMemory - this.#waitingMemory;
    this.#waitingMemory = waitingMemory;
    this.#writer.hasChanged(delta, isUrgent);
  }
}
