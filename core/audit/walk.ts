import { digestOf, hashOfLink, type Link, NO_HASH } from './digest.ts';
import type { EntryContent } from './digest.ts';

/** A seal with the entry that it names; null where that is gone. */
export type SealedRow = Link & { hash: string; entry: EntryContent | null };

/** What isn't as it was sealed. `seq` counts seals from 1; `entryId` is the entry's number. */
export type Finding =
  /** It says something else than when it was sealed. */
  | { kind: 'changed'; seq: number; entryId: number; action: string; subject: string }
  /** Two entries stand in each other's place. */
  | { kind: 'reordered'; seq: number; entryId: number; otherSeq: number; otherEntryId: number }
  /** Its seal is there, the entry isn't. */
  | { kind: 'removed'; seq: number; entryId: number }
  /** Seals are missing between two others, their entries with them or not. */
  | { kind: 'seals_removed'; fromSeq: number; toSeq: number }
  /** Its seal doesn't follow from the one before it: one of the two was made anew. */
  | { kind: 'unlinked'; seq: number; entryId: number }
  /** The newest seals are missing: the head knows of more. */
  | { kind: 'tail_removed'; fromSeq: number; toSeq: number }
  /** The head isn't what the newest seal says. */
  | { kind: 'head_changed'; seq: number }
  /** An entry that has no seal and doesn't wait for one: it was put in past the rules. */
  | { kind: 'inserted'; entryId: number }
  /** A head that was kept outside isn't part of this chain. */
  | { kind: 'not_the_kept_one'; seq: number };

/** Beyond that the trail is beyond telling row by row. */
export const MOST_FINDINGS = 1_000;

/**
 * Walks the seals in order, from the first on. Each is held against its entry and against the hash before it *as it
 * stands*, so that one that was made anew is told once, at the seal after it, and the rest of the chain still counts.
 */
export class ChainWalk {
  #seq = 0;
  #hash = NO_HASH;
  /** Whether the hash before is known; after a gap it isn't. */
  #isContiguous = true;
  #walked = 0;
  readonly #findings: Finding[] = [];
  /** Entries that don't fit, by what they ought to say and by what they say. */
  readonly #mismatches: Mismatch[] = [];
  readonly #expectedKept: ReadonlyMap<number, string>;
  readonly #keptSeen = new Set<number>();

  /** @param kept hashes by seq, as somebody kept them outside */
  constructor(kept: ReadonlyMap<number, string> = new Map()) {
    this.#expectedKept = kept;
  }

  get seq(): number {
    return this.#seq;
  }

  take(row: SealedRow): void {
    this.#walked += 1;
    if (row.seq !== this.#seq + 1) {
      this.#find({ kind: 'seals_removed', fromSeq: this.#seq + 1, toSeq: row.seq - 1 });
      this.#isContiguous = false;
    }
    if (this.#isContiguous && hashOfLink(this.#hash, row) !== row.hash) {
      this.#find({ kind: 'unlinked', seq: row.seq, entryId: row.entryId });
    }
    this.#checkEntry(row);
    this.#checkKept(row);
    this.#seq = row.seq;
    this.#hash = row.hash;
    this.#isContiguous = true;
  }

  /** @param head as its row says; null where the row is gone */
  end(head: { seq: number; hash: string } | null): { walked: number; findings: Finding[] } {
    this.#tellMismatches();
    if (head && head.seq > this.#seq) {
      this.#find({ kind: 'tail_removed', fromSeq: this.#seq + 1, toSeq: head.seq });
    } else if (!head || head.seq !== this.#seq || head.hash !== this.#hash) {
      this.#find({ kind: 'head_changed', seq: this.#seq });
    }
    for (const seq of this.#expectedKept.keys()) {
      if (!this.#keptSeen.has(seq)) this.#find({ kind: 'not_the_kept_one', seq });
    }
    return { walked: this.#walked, findings: this.#findings };
  }

  #checkEntry(row: SealedRow): void {
    if (row.entry === null) {
      this.#find({ kind: 'removed', seq: row.seq, entryId: row.entryId });
      return;
    }
    const actual = digestOf(row.entry);
    if (actual === row.digest) return;
    const { action, subject } = row.entry;
    const { seq, entryId, digest: expected } = row;
    if (this.#mismatches.length < MOST_FINDINGS) {
      this.#mismatches.push({ seq, entryId, action, subject, expected, actual });
    }
  }

  #checkKept({ seq, hash }: SealedRow): void {
    if (this.#expectedKept.get(seq) === hash) this.#keptSeen.add(seq);
  }

  /** Two of them that say what the other ought to changed places; each other one was written over. */
  #tellMismatches(): void {
    const byActual = new Map(this.#mismatches.map((one) => [one.actual, one]));
    const told = new Set<number>();
    for (const one of this.#mismatches) {
      if (told.has(one.seq)) continue;
      const other = byActual.get(one.expected);
      if (other && other.seq !== one.seq && other.expected === one.actual) {
        told.add(other.seq);
        const { seq: otherSeq, entryId: otherEntryId } = other;
        this.#find({
          kind: 'reordered',
          seq: one.seq,
          entryId: one.entryId,
          otherSeq,
          otherEntryId,
        });
      } else {
        const { seq, entryId, action, subject } = one;
        this.#find({ kind: 'changed', seq, entryId, action, subject });
      }
    }
  }

  #find(finding: Finding): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push(finding);
  }
}

type Mismatch = {
  seq: number;
  entryId: number;
  action: string;
  subject: string;
  expected: string;
  actual: string;
};
