import { readTickInstants } from '../audit-ticks/audit-ticks.sql.ts';
import { compareStretch } from '../audit-ticks/compare.ts';
import { Findings } from '../audit-ticks/findings.ts';
import { reignsOf, stretchesOf } from '../audit-ticks/stretches.ts';
import type { Sql } from '../db.ts';
import { readScheduleHistory, type ScheduleHistory } from '../jobs/schedule-history.sql.ts';
import type { LostStretch } from './heal.sql.ts';

/** [from, to) of one job. */
export type StretchToCheck = {
  jobId: number;
  from: Date;
  to: Date;
  /** Neither it nor everything is paused: what passes is planned. */
  isPlanned: boolean;
};

/** However many ticks a stretch has, no more of its runs are read; of one with more, the first part is looked at. */
const MOST_RUNS = 20_000;

/**
 * Ticks that the ledger says are accounted for (they lie before the cursor, or in a pause) and that stand in no run and no
 * gap, by the rule of `audit-ticks`. By job; one without any isn't in the answer.
 */
export async function findLostTicks(
  sql: Sql,
  stretches: readonly StretchToCheck[],
): Promise<Map<number, LostStretch[]>> {
  if (stretches.length === 0) return new Map();
  const ids = stretches.map(({ jobId }) => jobId);
  const from = new Date(Math.min(...stretches.map((stretch) => stretch.from.getTime())));
  const to = new Date(Math.max(...stretches.map((stretch) => stretch.to.getTime())));
  const histories = new Map(
    (await readScheduleHistory(sql, ids, from, to)).map((history) => [history.jobId, history]),
  );
  const runs = await readTickInstants(sql, stretches.map(inMs), MOST_RUNS);
  const lost = new Map<number, LostStretch[]>();
  for (const stretch of stretches) {
    const history = histories.get(stretch.jobId);
    const found = history ? lostIn(history, stretch, runs.get(stretch.jobId) ?? []) : [];
    if (found.length > 0) lost.set(stretch.jobId, found);
  }
  return lost;
}

const inMs = ({ jobId, from, to }: StretchToCheck) => ({
  jobId,
  fromMs: from.getTime(),
  toMs: to.getTime(),
});

function lostIn(
  history: ScheduleHistory,
  { from, to, isPlanned }: StretchToCheck,
  runs: readonly number[],
): LostStretch[] {
  const fromMs = from.getTime();
  const toMs = runs.length === MOST_RUNS ? runs.at(-1)! : to.getTime();
  const cursor = (history.replanFrom ?? history.plannedUntil).getTime();
  const cursorMs = isPlanned ? cursor : Number.POSITIVE_INFINITY;
  const lost: LostStretch[] = [];
  for (const stretch of stretchesOf(reignsOf(history, fromMs, toMs), history.gaps, fromMs, toMs)) {
    if (stretch.gap !== null || stretch.reign === null || stretch.reign.timing === null) continue;
    // Each stretch for itself: a gap names one revision.
    const findings = new Findings();
    const own = runs.filter((ms) => ms >= stretch.fromMs && ms < stretch.toMs);
    compareStretch(stretch, own, cursorMs, findings);
    for (const finding of findings.all().findings) {
      if (finding.kind !== 'missing') continue;
      const end = new Date(Date.parse(finding.to) + 1);
      lost.push({ from: new Date(finding.from), to: end, revision: stretch.reign.revision });
    }
  }
  return lost;
}
