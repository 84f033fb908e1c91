import { z } from 'zod';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { fromAddress } from '../ids.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import type { RunState } from '../runs/states.ts';
import type { CompiledSchedule } from '../schedules/compile.ts';
import { countFires, type FireMark, type Fire, fires, latestFire } from '../schedules/fires.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import { inSnapshot } from '../snapshot.ts';
import { readGapToOpen, readRunOfTick, readStandIns } from './gap-page.sql.ts';
import type { GapReason } from './reasons.ts';

/** A page of a gap's ticks. Instants are ISO 8601. */
export type GapPage = {
  id: number;
  reason: GapReason;
  from: string;
  /** Null while it lasts. */
  to: string | null;
  /** How many ticks it holds, so far while it lasts. */
  total: number;
  /** Which of them the newest shown is, counted from the oldest; 0: none is shown. */
  newest: number;
  /** Newest first. */
  ticks: GapTick[];
  /** Instants to go on from, as `before` and `after`; null: that end is here. */
  older: string | null;
  newer: string | null;
  /** The run that stands for all ticks of the gap. */
  coveredBy: { at: string; run: { id: number; state: RunState } | null } | null;
};

export type GapTick = {
  at: string;
  mark: FireMark | null;
  /** The run that stands for it. */
  run: { id: number; state: RunState } | null;
};

const instant = z.iso.datetime({
  offset: true,
  error: 'Give an instant such as 2026-03-09T00:00:00Z.',
});

export const ReadGapPage = z.object({
  gapId: fromAddress(z.int().min(1).max(2_147_483_647)),
  /** Ticks before it; without either the newest ones. */
  before: instant.optional(),
  /** Ticks after it. */
  after: instant.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/**
 * A page of the ticks that lie in a gap, reckoned by the schedule that held then: what a pause of a year costs is this
 * page. Counting 31 million ticks of a year takes some ms.
 */
export async function readGapPage(
  actor: Actor,
  input: z.input<typeof ReadGapPage>,
): Promise<Outcome<GapPage>> {
  authorizeForSome(actor, 'run:read');
  const parsed = ReadGapPage.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { gapId, before, after, limit } = parsed.data;
  return inSnapshot(async (sql, now) => {
    const gap = await readGapToOpen(sql, gapId);
    if (!gap || !(await isJobFor(sql, actor, 'run:read', gap.jobId))) {
      return refuse('not_found', 'There is no such gap: an edit may have taken its place.');
    }
    const schedule = savedFires(gap.savedSchedule);
    if (!schedule) {
      return refuse('unavailable', 'This version can’t read the schedule that held then.');
    }
    const first = gap.from;
    // A tick of this very millisecond belongs to what is so far; a gap's end doesn't.
    const last = gap.to === null ? now : new Date(gap.to.getTime() - 1);
    const place = { schedule, first, last };
    const shown =
      after === undefined
        ? olderThan(place, before === undefined ? null : new Date(before), limit)
        : newerThan(place, new Date(after), limit);
    const standIns = await standInsOf(sql, gap.jobId, shown);
    const [newest, oldest] = [shown[0]?.at, shown.at(-1)?.at];
    const upTo = (at: Date) => countFires(schedule, new Date(first.getTime() - 1), at);
    const total = upTo(last);
    const newestPlace = newest ? upTo(newest) : 0;
    return done({
      id: gap.id,
      reason: gap.reason,
      from: gap.from.toISOString(),
      to: gap.to?.toISOString() ?? null,
      total,
      newest: newestPlace,
      ticks: shown.map(({ at, marks }) => ({
        at: at.toISOString(),
        mark: marks[0] ?? null,
        run: standIns.get(at.getTime()) ?? null,
      })),
      older: oldest && newestPlace > shown.length ? oldest.toISOString() : null,
      newer: newest && newestPlace < total ? newest.toISOString() : null,
      coveredBy: gap.coveredBy && {
        at: gap.coveredBy.toISOString(),
        run: (await readRunOfTick(sql, gap.jobId, gap.coveredBy)) ?? null,
      },
    });
  });
}

/** Fires of the schedule from `first` to `last`, both included. */
type Place = { schedule: CompiledSchedule; first: Date; last: Date };

/** The newest so many before an instant, newest first: found from the end, however long the gap is. */
function olderThan({ schedule, first, last }: Place, before: Date | null, limit: number): Fire[] {
  const found: Fire[] = [];
  const after = new Date(first.getTime() - 1);
  let until = before !== null && before <= last ? new Date(before.getTime() - 1) : last;
  while (found.length < limit && until > after) {
    const fire = latestFire(schedule, { after, until });
    if (fire === null) break;
    found.push(fire);
    until = new Date(fire.at.getTime() - 1);
  }
  return found;
}

/** The oldest so many after an instant, newest first. */
function newerThan({ schedule, first, last }: Place, after: Date, limit: number): Fire[] {
  const from = after < first ? new Date(first.getTime() - 1) : after;
  return [...fires(schedule, { after: from, until: last, limit })].toReversed();
}

async function standInsOf(
  sql: Parameters<typeof readStandIns>[0],
  jobId: number,
  shown: readonly Fire[],
): Promise<Map<number, { id: number; state: RunState }>> {
  const [newest, oldest] = [shown[0]?.at, shown.at(-1)?.at];
  if (!newest || !oldest) return new Map();
  const runs = await readStandIns(sql, jobId, oldest, newest);
  return new Map(runs.map(({ tickMs, ...run }) => [tickMs, run]));
}
