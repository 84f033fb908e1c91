import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { createBlackout, deleteBlackout } from '#core/blackouts/blackouts.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createFollower } from '#worker/follower.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createHealer } from '#worker/healer.ts';
import { createResumer } from '#worker/resumer.ts';

const web = webDatabase();
let clock: TestClock;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-03-01T00:00:00.000Z'));
});

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

type FromEnd = Extract<Schedule, { from: 'end' }>;
const afterEnd = (everyMs: number): FromEnd => ({
  type: 'interval',
  from: 'end',
  everyMs,
  timeZone: 'UTC',
});
const everyMs = fc.constantFrom(1_000, 7_300, 61_500, 10 * MINUTE_MS);
const anchored: Schedule = {
  type: 'interval',
  everyMs: 20_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};

const ENDS = ['succeeded', 'failed', 'timed_out', 'lost', 'cancelled'] as const;

type Step =
  | { do: 'advance'; ms: number }
  | { do: 'start' | 'retry' | 'cancel' | 'kill' | 'byHand' }
  | { do: 'end'; state: (typeof ENDS)[number] }
  | { do: 'pause' | 'pauseAll' }
  | { do: 'resume' | 'resumeAll'; answer: 'skip' | 'latest' }
  | { do: 'pauseUntil'; ms: number; answer: 'skip' | 'latest' }
  | { do: 'edit'; everyMs: number }
  | { do: 'anchor' }
  | { do: 'makeBlackout'; effect: 'skip' | 'hold'; fromMs: number; forMs: number }
  | { do: 'endBlackout' };

const lasting = fc.oneof(
  fc.integer({ min: 1, max: 3_000 }),
  fc.integer({ min: 3_000, max: 90_000 }),
  fc.integer({ min: 90_000, max: 3_600_000 }),
);
const answer = fc.constantFrom('skip' as const, 'latest' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: lasting }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('start' as const, 'start' as const, 'retry' as const, 'kill' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('end' as const), state: fc.constantFrom(...ENDS) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'cancel' as const,
        'byHand' as const,
        'pause' as const,
        'pauseAll' as const,
        'anchor' as const,
        'endBlackout' as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('resume' as const, 'resume' as const, 'resumeAll' as const),
      answer,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pauseUntil' as const), ms: lasting, answer }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), everyMs }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('makeBlackout' as const),
      effect: fc.constantFrom('skip' as const, 'hold' as const),
      fromMs: fc.integer({ min: -30_000, max: 120_000 }),
      forMs: fc.integer({ min: 61_000, max: 1_800_000 }),
    }),
  },
);

type LiveTick = { id: number; at: Date; state: string; attempt: number; revision: number };

/** A job under way, and beside it what a person with a watch would say of its next tick. */
class Watched {
  readonly #job: TestJob;
  readonly #createdAt = clock.now();
  #revision = 1;
  #schedule: Schedule;
  /** From when on the interval counts; null: it never ran. */
  #baseMs: number | null = null;
  /** When something ended that an interval may count from: a run, or a pause whose ticks are skipped. */
  readonly #ends = new Set<number>();
  #blackout: { id: number; fromMs: number; toMs: number } | null = null;

  static async begin(every: number): Promise<Watched> {
    await clock.advance(3_600_000);
    await web.db().sql('DELETE FROM run WHERE is_live');
    await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
    await web.db().sql('UPDATE blackout SET deleted_at = now() WHERE deleted_at IS NULL');
    const schedule = afterEnd(every);
    return new Watched(await makeJob(web.db(), { schedule }), schedule);
  }

  constructor(job: TestJob, schedule: Schedule) {
    this.#job = job;
    this.#schedule = schedule;
  }

  async take(one: Step): Promise<string[]> {
    const before = await this.#live();
    const sinceMs = clock.now().getTime();
    await this.#carryOut(one, before);
    const wrong = await this.#lookAtEnds();
    // As many workers as may be, each with every duty that has a say in ticks.
    await planAll(testPlanner(web.db().pool));
    const followers = Array.from({ length: 3 }, () =>
      createFollower({ pool: web.db().pool, logger: silent, planAheadMs: 60_000, pollMs: 2_000 }),
    );
    await Promise.all(followers.map((follower) => follower.runOnce()));
    return [...wrong, ...(await this.#wrong(sinceMs))];
  }

  async #carryOut(one: Step, live: readonly LiveTick[]): Promise<void> {
    const { id } = this.#job;
    const jobIds = [id];
    const { sql } = web.db();
    switch (one.do) {
      case 'advance':
        await clock.advance(one.ms);
        // While everything is paused, a pause that is over ends now.
        this.#ends.add(clock.now().getTime() + 1);
        await createResumer({ pool: web.db().pool, logger: silent, intervalMs: 2_000 }).runOnce();
        return;
      case 'start':
        await sql(
          `UPDATE run SET state = 'running', attempt = attempt + 1, worker_id = 1, started_at = now()
            WHERE is_live AND id = (
              SELECT id FROM run_live r WHERE job_id = $1 AND state = 'queued' AND hold IS NULL AND due_at <= now()
                 AND NOT EXISTS (SELECT FROM run_live o WHERE o.job_id = r.job_id AND o.state = 'running')
               ORDER BY trigger = 'tick' DESC, due_at LIMIT 1)`,
          [id],
        );
        return;
      case 'retry':
        await sql(
          `UPDATE run SET state = 'queued', worker_id = NULL, started_at = NULL, due_at = now() + interval '10 s'
            WHERE is_live AND job_id = $1 AND state = 'running'`,
          [id],
        );
        return;
      case 'end':
        return this.#end(one.state);
      case 'kill':
        // Its worker is gone, and whoever rescues its runs comes a while later.
        await clock.advance(75 * SECOND_MS);
        return this.#end('lost');
      case 'cancel': {
        const [tick] = live;
        if (tick && tick.state === 'queued') await cancelRuns(admin, { runIds: [tick.id] });
        return;
      }
      case 'byHand':
        await triggerJob(admin, { jobId: id });
        return;
      case 'pause':
        await pauseJobs(admin, { jobIds, reason: 'test' });
        return;
      case 'pauseUntil': {
        const until = new Date(clock.now().getTime() + one.ms).toISOString();
        if (one.answer === 'skip') this.#ends.add(Date.parse(until));
        await pauseJobs(admin, {
          jobIds,
          reason: 'test',
          end: { until, answer: { rule: one.answer } },
        });
        return;
      }
      case 'resume':
        if (one.answer === 'skip') this.#ends.add(clock.now().getTime() + 1);
        await resumeJobs(admin, { jobIds, answer: { rule: one.answer } });
        return;
      case 'pauseAll':
        await pauseEverything(admin, { reason: 'test' });
        return;
      case 'resumeAll':
        if (one.answer === 'skip') this.#ends.add(clock.now().getTime() + 1);
        await resumeEverything(admin, { answer: { rule: one.answer } });
        return;
      case 'edit':
        return this.#edit(afterEnd(one.everyMs));
      case 'anchor':
        return this.#edit(anchored);
      case 'makeBlackout':
        if (this.#blackout === null) await this.#makeBlackout(one);
        return;
      case 'endBlackout':
        if (this.#blackout === null) return;
        valueOf(await deleteBlackout(admin, { id: this.#blackout.id }));
        this.#blackout = null;
    }
  }

  async #end(state: string): Promise<void> {
    await web.db().sql(
      `UPDATE run SET state = $2, is_live = false, finished_at = now()
        WHERE is_live AND job_id = $1 AND state = 'running'`,
      [this.#job.id, state],
    );
  }

  async #edit(schedule: Schedule): Promise<void> {
    const { revision } = valueOf(
      await editJob(admin, {
        jobId: this.#job.id,
        basedOnRevision: this.#revision,
        definition: { ...this.#job.definition, schedule },
      }),
    );
    // A pause that was to end before it ends then.
    this.#ends.add(clock.now().getTime() + 1);
    this.#revision = revision;
    this.#schedule = schedule;
  }

  async #makeBlackout({ effect, fromMs, forMs }: Extract<Step, { do: 'makeBlackout' }>) {
    const from = clock.now().getTime() + fromMs;
    const { id } = valueOf(
      await createBlackout(admin, {
        name: 'Works',
        effect,
        times: {
          type: 'once',
          from: new Date(from).toISOString(),
          to: new Date(from + forMs).toISOString(),
        },
        scope: { type: 'jobs', jobIds: [this.#job.id] },
      }),
    );
    this.#blackout = { id, fromMs: from, toMs: from + forMs };
  }

  async #live(): Promise<LiveTick[]> {
    return web.db().sql<LiveTick>(
      `SELECT id, scheduled_for AS at, state, attempt, revision FROM run_live
        WHERE job_id = $1 AND trigger = 'tick' ORDER BY scheduled_for`,
      [this.#job.id],
    );
  }

  /** Whatever of its ticks has ended, the interval counts from there; or from where a pause says. */
  async #lookAtEnds(): Promise<string[]> {
    const [row] = await web.db().sql<{ endedMs: number | null; heldMs: number | null }>(
      `SELECT (SELECT (extract(epoch FROM max(finished_at)) * 1000)::float8 FROM run_done
                WHERE job_id = $1 AND trigger = 'tick') AS "endedMs",
              (SELECT (extract(epoch FROM last_end_at) * 1000)::float8 FROM job WHERE id = $1) AS "heldMs"`,
      [this.#job.id],
    );
    const { endedMs, heldMs } = row!;
    if (endedMs !== null) this.#ends.add(endedMs);
    const known = [this.#baseMs, endedMs, heldMs].filter((ms) => ms !== null);
    this.#baseMs = known.length === 0 ? null : Math.max(...known);
    return heldMs === null || this.#ends.has(heldMs)
      ? []
      : [`it counts from ${iso(heldMs)}, when nothing ended`];
  }

  async #row() {
    const [row] = await web.db().sql<{
      nextTickAt: Date | null;
      isPaused: boolean;
      plannedUntil: Date;
    }>(
      `SELECT j.next_tick_at AS "nextTickAt", j.paused_at IS NOT NULL OR i.paused_at IS NOT NULL AS "isPaused",
              j.planned_until AS "plannedUntil"
         FROM job j CROSS JOIN installation i WHERE j.id = $1`,
      [this.#job.id],
    );
    return row!;
  }

  async #wrong(sinceMs: number): Promise<string[]> {
    if (this.#schedule.type !== 'interval' || this.#schedule.from !== 'end') return [];
    const [live, row] = [await this.#live(), await this.#row()];
    const own = live.filter(({ revision }) => revision === this.#revision);
    const wrong: string[] = [];
    if (own.length > 1) wrong.push(`${own.length} ticks live at once`);
    if (own.length > 0 && live.length > own.length) wrong.push('a tick came beside an older one');
    if (row.isPaused || (live.length > 0 && own.length === 0)) return wrong;
    const nowMs = clock.now().getTime();
    const [tick] = own;
    if (tick && (tick.attempt > 0 || tick.at.getTime() <= sinceMs)) return wrong;
    const next = tick?.at ?? row.nextTickAt;
    const dueMs = this.#outside(
      Math.max(this.#baseMs === null ? 0 : this.#baseMs + this.#schedule.everyMs, sinceMs + 1),
    );
    // Who comes late makes it then, and not for what has passed.
    const latestMs = this.#outside(Math.max(dueMs, nowMs + 1));
    if (next === null) wrong.push('no next tick is known');
    // Ends that a person brought about ahead of a tick may stand where one would: it gives way by a millisecond.
    else if (next.getTime() < dueMs || next.getTime() > latestMs + 2) {
      wrong.push(`the next tick is ${iso(next.getTime())}, not ${iso(dueMs)} to ${iso(latestMs)}`);
    }
    return wrong;
  }

  #outside(ms: number): number {
    const blackout = this.#blackout;
    return blackout && ms >= blackout.fromMs && ms < blackout.toMs ? blackout.toMs : ms;
  }

  /** Once everything goes on, a tick comes; the sums add up, and the healer finds nothing. */
  async end(): Promise<string[]> {
    const wrong: string[] = [];
    const goOn: Step[] = [
      { do: 'resumeAll', answer: 'latest' },
      { do: 'resume', answer: 'latest' },
      { do: 'endBlackout' },
      { do: 'edit', everyMs: 5_000 },
      { do: 'advance', ms: MINUTE_MS },
      { do: 'start' },
      { do: 'end', state: 'failed' },
      { do: 'advance', ms: 4_999 },
    ];
    for (const one of goOn) wrong.push(...(await this.take(one)));
    const runsBefore = await this.#count();
    await this.take({ do: 'advance', ms: MINUTE_MS });
    await this.take({ do: 'start' });
    if ((await this.#live()).every(({ state }) => state !== 'running')) wrong.push('it is stuck');
    if ((await this.#count()) < runsBefore) wrong.push('ticks were lost');
    await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
    await clock.advance(1);
    const [from, to] = [new Date(this.#createdAt.getTime() - SECOND_MS), clock.now()];
    const { isEven, jobs } = valueOf(await auditTicks(admin, { key: this.#job.key, from, to }));
    if (!isEven) wrong.push(JSON.stringify(jobs));
    const counts = valueOf(await ledgerCounts(admin, { jobId: String(this.#job.id), from }));
    if (!counts.isEven) wrong.push(JSON.stringify(counts));
    const { counts: healed } = await createHealer({
      pool: web.db().pool,
      logger: silent,
    }).runOnce();
    if (healed['healed'] !== 0) wrong.push('the healer found something');
    return wrong;
  }

  async #count(): Promise<number> {
    const [row] = await web
      .db()
      .sql<{ ticks: number }>(
        "SELECT count(*)::int AS ticks FROM run WHERE is_live IN (true, false) AND trigger = 'tick' AND job_id = $1",
        [this.#job.id],
      );
    return row!.ticks;
  }
}

const iso = (ms: number) => new Date(ms).toISOString();

async function wrongIn(every: number, steps: readonly Step[]): Promise<string[]> {
  const watched = await Watched.begin(every);
  const wrong: string[] = [];
  for (const [index, one] of steps.entries()) {
    for (const complaint of await watched.take(one)) {
      wrong.push(`after step ${index} (${one.do}): ${complaint}`);
    }
  }
  wrong.push(...(await watched.end()));
  return wrong;
}

test('whatever befalls its runs, an interval from their end goes on from the last of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      everyMs,
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (every, steps) => {
        expect(await wrongIn(every, steps)).toEqual([]);
      },
    ),
    { numRuns: Number(process.env['AFTER_END_CASES'] ?? 16), endOnFailure: false },
  );
}, 240_000);

test('control: a second tick that lives, and one too early, are seen', async () => {
  const watched = await Watched.begin(10 * MINUTE_MS);
  expect(await watched.take({ do: 'advance', ms: SECOND_MS })).toEqual([]);
  const [job] = await web
    .db()
    .sql<{ id: number; revision: number }>(
      'SELECT id, revision FROM job WHERE counts_from_end AND deleted_at IS NULL',
    );
  const insert = () =>
    web.db().sql(
      `INSERT INTO run (job_id, revision, trigger, scheduled_for, due_at, queue, kind)
       VALUES ($1, $2, 'tick', now() + interval '1 s', now() + interval '1 s', 'default', 'script')`,
      [job!.id, job!.revision],
    );
  await insert();
  expect(await watched.take({ do: 'advance', ms: 1 })).toEqual(['2 ticks live at once']);
  await web.db().sql('DELETE FROM run WHERE is_live');
  await watched.take({ do: 'advance', ms: 1 });
  await watched.take({ do: 'advance', ms: 1 });
  await watched.take({ do: 'start' });
  await watched.take({ do: 'end', state: 'succeeded' });
  await insert();
  expect((await watched.take({ do: 'resume', answer: 'skip' })).join()).toContain(
    'the next tick is',
  );
});
