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
  readonly #options: AttemptLogOptions;
  readonly #workerId: number;
  readonly #writer: WriterSide;
  /** Made for the first line: many attempts write none. */
  #collector: AttemptCollector | null = null;
  #room: PromiseWithResolvers<void> | null = null;
  #waitingMemory = 0;
  isEnding = false;
  /** Set once it is closed. */
  #summary: LogSummary | null = null;
  #closed: PromiseWithResolvers<LogSummary> | null = null;

  constructor(options: AttemptLogOptions, workerId: number, writer: WriterSide) {
    this.#options = options;
    this.#workerId = workerId;
    this.#writer = writer;
  }

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | void {
    if (this.#summary) return;
    const collector = this.#opened();
    collector.push(stream, bytes, this.#writer.nowMs());
    const isFull =
      collector.waitingMemory > MOST_WAITING_MEMORY ||
      (collector.waitingMemory > 0 && this.#writer.isCrowded());
    this.#account(isFull);
    if (!isFull) return;
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  note(text: string): void {
    if (this.#summary) return;
    this.#opened().note(text, this.#writer.nowMs());
    this.#account(false);
  }

  async finish(): Promise<LogSummary> {
    if (!this.isEnding && !this.#summary) {
      this.isEnding = true;
      if (this.#collector) {
        this.#collector.end(this.#writer.nowMs());
        this.#account(!this.#collector.isEmpty);
      }
      this.#closeIfDone();
    }
    if (this.#summary) return this.#summary;
    this.#closed ??= Promise.withResolvers<LogSummary>();
    return this.#closed.promise;
  }

  abandon(): void {
    this.#close(false);
  }

  // From here on: for the writer.

  takeInMs(nowMs: number): number | null {
    return this.#collector?.takeInMs(nowMs) ?? null;
  }

  take(nowMs: number): ChunkToStore | null {
    const chunk = this.#collector?.take(nowMs);
    if (!chunk) return null;
    const { runId, attempt } = this.#options;
    return { runId, workerId: this.#workerId, attempt, ...chunk };
  }

  acknowledge(): void {
    if (this.#summary) return;
    this.#collector?.acknowledge();
    this.#account(false);
    if (this.#room && this.#waitingMemory < MOST_WAITING_MEMORY / 2) this.#giveRoom();
    this.#closeIfDone();
  }

  loseLease(): void {
    if (this.#summary) return;
    this.#close(false);
    this.#options.onLeaseLost();
  }

  #opened(): AttemptCollector {
    return (this.#collector ??= new AttemptCollector(this.#options));
  }

  #closeIfDone(): void {
    if (this.isEnding && (this.#collector?.isEmpty ?? true)) this.#close(true);
  }

  #close(isOwned: boolean): void {
    if (this.#summary) return;
    this.#summary = this.#sum(isOwned);
    if (!isOwned) this.#collector?.drop();
    if (this.#collector) this.#account(false);
    this.#giveRoom();
    this.#writer.hasClosed();
    this.#closed?.resolve(this.#summary);
  }

  #sum(isOwned: boolean): LogSummary {
    const { linesBefore, bytesBefore } = this.#options;
    return {
      isOwned,
      lines: this.#collector?.lines ?? linesBefore,
      bytes: this.#collector?.bytes ?? bytesBefore,
      wordsSeen: this.#collector?.wordsSeen ?? NO_WORDS,
      causeLine: this.#collector?.causeLine ?? null,
    };
  }

  #giveRoom(): void {
    this.#room?.resolve();
    this.#room = null;
  }

  #account(isUrgent: boolean): void {
    const waitingMemory = this.#collector?.waitingMemory ?? 0;
    const delta = waitingMemory - this.#waitingMemory;
    this.#waitingMemory = waitingMemory;
    this.#writer.hasChanged(delta, isUrgent);
  }
}

const NO_WORDS: ReadonlySet<string> = new Set();
