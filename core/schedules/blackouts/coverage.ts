import type { BlackoutEffect, BlackoutTimes } from './blackout-times.ts';
import { type Window, windowsOf } from './windows.ts';

/** A blackout as planning needs it. */
export interface Blackout {
  readonly id: number;
  readonly name: string;
  readonly createdBy: string;
  readonly effect: BlackoutEffect;
  readonly times: BlackoutTimes;
  /** What lies before this instant isn't covered: the window was ended early. */
  readonly idleUntil: Date | null;
}

/** [fromMs, toMs) in which one blackout has the say. */
export interface CoveredPart extends Window {
  readonly effect: BlackoutEffect;
  readonly blackout: Blackout;
}

const DAY_MS = 86_400_000;
/** Windows that go on for longer than this without a break are taken to have no end. */
const FAR_MS = 400 * DAY_MS;

/**
 * What a set of blackouts covers. Windows that touch or overlap are one stretch; within it each instant has one
 * blackout: one that skips before one that holds, then the one that was made first.
 */
export class Coverage {
  readonly #blackouts: readonly Blackout[];
  /** The last stretch whose end was asked for: a planner asks again and again for the one that is on. */
  #known: { fromMs: number; endMs: number } | null = null;

  constructor(blackouts: readonly Blackout[]) {
    this.#blackouts = blackouts.toSorted(
      (a, b) => rankOf(a.effect) - rankOf(b.effect) || a.id - b.id,
    );
  }

  get isEmpty(): boolean {
    return this.#blackouts.length === 0;
  }

  /** The first instant at or after `ms` that isn't covered: `ms` itself in the open. Infinity: none within 400 days. */
  freeFrom(ms: number): number {
    if (this.#known && this.#known.fromMs <= ms && ms < this.#known.endMs) return this.#known.endMs;
    let endMs = ms;
    let lookMs = 2 * DAY_MS;
    while (endMs < ms + FAR_MS) {
      const parts = this.parts(endMs, endMs + lookMs);
      const reached = reachOf(parts, endMs);
      if (reached < endMs + lookMs) {
        if (reached > ms) this.#known = { fromMs: ms, endMs: reached };
        return reached;
      }
      endMs = reached;
      lookMs = Math.min(2 * lookMs, 64 * DAY_MS);
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Where the stretch begins that covers `ms`, at most as far back as `sinceMs`; null where `ms` isn't covered. */
  stretchBegin(ms: number, sinceMs: number): number | null {
    const parts = this.parts(sinceMs, ms + 1).toReversed();
    let beginMs = ms + 1;
    for (const part of parts) {
      if (part.toMs !== beginMs) break;
      beginMs = part.fromMs;
    }
    return beginMs > ms ? null : beginMs;
  }

  /** What has the say over an instant, or null. */
  partAt(ms: number): CoveredPart | null {
    return this.parts(ms, ms + 1)[0] ?? null;
  }

  /** The covered parts of [fromMs, toMs), clipped to it, in order and without overlaps. */
  parts(fromMs: number, toMs: number): CoveredPart[] {
    const windows = this.#blackouts.flatMap((blackout, rank) =>
      [...windowsOf(blackout.times, fromMs, toMs)].map((window) => ({
        blackout,
        rank,
        fromMs: Math.max(window.fromMs, fromMs, blackout.idleUntil?.getTime() ?? fromMs),
        toMs: Math.min(window.toMs, toMs),
      })),
    );
    return sweep(windows.filter((window) => window.fromMs < window.toMs));
  }
}

/** Where no blackout is. */
export const NO_BLACKOUTS = new Coverage([]);

const rankOf = (effect: BlackoutEffect) => (effect === 'skip' ? 0 : 1);

type RankedWindow = Window & { blackout: Blackout; rank: number };

/** Cuts overlapping windows at each other's ends and gives each piece to the first in rank. */
function sweep(windows: readonly RankedWindow[]): CoveredPart[] {
  const edges = [...new Set(windows.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].toSorted(
    (a, b) => a - b,
  );
  const byBegin = windows.toSorted((a, b) => a.fromMs - b.fromMs);
  const parts: CoveredPart[] = [];
  let on: RankedWindow[] = [];
  let next = 0;
  for (const [index, fromMs] of edges.entries()) {
    const toMs = edges[index + 1];
    if (toMs === undefined) break;
    while (next < byBegin.length && byBegin[next]!.fromMs <= fromMs) on.push(byBegin[next++]!);
    on = on.filter((window) => window.toMs > fromMs);
    if (on.length === 0) continue;
    const { blackout } = on.reduce((first, window) => (window.rank < first.rank ? window : first));
    const last = parts.at(-1);
    if (last && last.toMs === fromMs && last.blackout === blackout) {
      parts[parts.length - 1] = { ...last, toMs };
    } else parts.push({ fromMs, toMs, effect: blackout.effect, blackout });
  }
  return parts;
}

/** How far the parts go on from `fromMs` without a break. */
function reachOf(parts: readonly CoveredPart[], fromMs: number): number {
  let reached = fromMs;
  for (const part of parts) {
    if (part.fromMs > reached) break;
    reached = part.toMs;
  }
  return reached;
}
