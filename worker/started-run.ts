import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import type { Wait } from '#core/runs/states.ts';

/** A claimed run, and what it waited for before. */
export type StartedRun = ClaimedRun & { waitedFor: Wait | null };
