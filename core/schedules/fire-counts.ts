import type { BlackoutOfFire, BlackoutsAhead } from './blackouts/blackouts-ahead.ts';
import type { FireMark } from './timing.ts';

// What a browser knows of a difference of fires that was reckoned elsewhere.

/** What an edit makes of a fire of the saved schedule, or that it is a fire of the edited one alone. */
export type FireFate = 'kept' | 'vanishes' | 'new';

/** A fire of the saved schedule, the edited one, or both; ms since 1970. */
export interface FatedFire {
  readonly atMs: number;
  readonly fate: FireFate;
  readonly marks: readonly FireMark[];
  /** Of a fire that is there once the edit is saved. */
  readonly blackout?: BlackoutOfFire;
}

/** Fires in (fromMs, toMs]. Exact, but `kept` is null where both have more than can be compared. */
export interface FireCounts {
  readonly fromMs: number;
  readonly toMs: number;
  readonly saved: number;
  readonly edited: number;
  /** Fires of both. */
  readonly kept: number | null;
}

export interface FireDifference extends FireCounts {
  /** The stretch in equal parts, in order. */
  readonly columns: readonly FireCounts[];
  /** The first fires that vanish or are new, in order. */
  readonly changed: readonly FatedFire[];
  /** More change than stand in `changed`, or nobody looked at all. */
  readonly isCut: boolean;
}

/** A difference with what blackouts make of the fires as edited; null: none is on. */
export type DifferenceAhead = FireDifference & { readonly blackouts: BlackoutsAhead | null };

/** Whether every fire of a stretch stays, and none comes. */
export const isUnchanged = ({
  saved,
  edited,
  kept,
}: Pick<FireCounts, 'saved' | 'edited' | 'kept'>): boolean => kept === saved && kept === edited;
