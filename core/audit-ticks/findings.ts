import type { GapReason } from '../gaps/reasons.ts';

/** One thing that is wrong with a job's ledger. Instants are ISO 8601. */
export type Finding =
  /** Ticks that stand in no run and in no gap, one after the other; `from` is the first and `to` the last of them. */
  | { kind: 'missing'; from: string; to: string; ticks: number }
  /** A tick that has several runs, or a run although it lies in a gap. */
  | { kind: 'doubled'; at: string; runs: number; gap: GapReason | null }
  /** Runs at a time at which the schedule doesn't fire, or the job wasn't there. */
  | { kind: 'extra'; at: string; runs: number }
  /** A gap that says another number of ticks than its span holds. */
  | GapFinding<'gap_count'>
  /** A gap over ticks of another revision than it says; `ticks` is how many. */
  | (GapFinding<'gap_revision'> & { ticks: number })
  /** A revision whose schedule this version of Punctual can't read, so that nothing can be said of its ticks. */
  | { kind: 'unreadable'; revision: number };

type GapFinding<Kind extends string> = {
  kind: Kind;
  gap: GapReason;
  from: string;
  to: string | null;
  says: number;
  is: number;
};

const MOST = 20;

/** The findings of one job: counts all of them and keeps the first. Missing ticks in a row are one finding. */
export class Findings {
  readonly #kept: Finding[] = [];
  #count = 0;
  #missing: { fromMs: number; toMs: number; ticks: number } | null = null;

  /** The next tick, in order of time, is accounted for. */
  fine(): void {
    this.#tellMissing();
  }

  /** The next `ticks` ticks, from the first to the last, stand nowhere. */
  missing(fromMs: number, toMs: number, ticks: number): void {
    this.#missing = {
      fromMs: this.#missing?.fromMs ?? fromMs,
      toMs,
      ticks: (this.#missing?.ticks ?? 0) + ticks,
    };
  }

  add(finding: Finding): void {
    this.#tellMissing();
    this.#count++;
    if (this.#kept.length < MOST) this.#kept.push(finding);
  }

  /** In the order in which they were found, and how many there are in all. */
  all(): { findings: Finding[]; count: number } {
    this.#tellMissing();
    return { findings: this.#kept, count: this.#count };
  }

  #tellMissing(): void {
    if (this.#missing === null) return;
    const { fromMs, toMs, ticks } = this.#missing;
    this.#missing = null;
    this.add({ kind: 'missing', from: iso(fromMs), to: iso(toMs), ticks });
  }
}

const iso = (ms: number) => new Date(ms).toISOString();
