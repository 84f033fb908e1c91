import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import type { BlackoutRow } from '#core/blackouts/planning-blackouts.sql.ts';
import { blackoutOf } from '#core/blackouts/planning-blackouts.sql.ts';
import {
  createBlackout,
  deleteBlackout,
  editBlackout,
  endBlackout,
} from '#core/blackouts/blackouts.ts';
import { createCalendar, editCalendar } from '#core/calendars/calendars.ts';
import { readCurrentRevision } from '#core/calendars/calendars.sql.ts';
import { knowCalendars } from '#core/calendars/know-calendars.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { readPauseTicks } from '#core/jobs/read-pause.ts';
import type { ResumeAnswer, StandingAnswer } from '#core/jobs/resume-answer.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import type { BlackoutEffect, BlackoutTimes } from '#core/schedules/blackouts/blackout-times.ts';
import type { Blackout } from '#core/schedules/blackouts/coverage.ts';
import { fires } from '#core/schedules/fixtures/of-schedule.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import {
  accountFor,
  gapsOf,
  type InForce,
  planAll,
  silent,
  testPlanner,
  ticksOf,
} from '#tests/support/planning.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createResumer } from '#worker/resumer.ts';

const web = webDatabase();
let clock: TestClock;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2026-03-01T00:00:00.000Z'));
  await createCalendar(admin, { ...CALENDAR, name: 'Oracle', definition: { weekend: [] } });
});

const interval = (everyMs: number): Schedule => ({
  type: 'interval',
  everyMs,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});
const cron = (line: string): Schedule => ({ type: 'cron', lines: [line], timeZone: 'UTC' });

const CALENDAR = { key: 'oracle', rule: 'skip' as const };

const schedules = fc.constantFrom<Schedule>(
  interval(1_000),
  interval(7_000),
  interval(61_500),
  cron('*/10 * * * * *'),
  cron('* * * * *'),
  cron('*/15 * * * *'),
  { ...cron('*/5 * * * * *'), jitterMs: 90_000, jitterSeed: 'late' } as Schedule,
  {
    type: 'dates',
    at: Array.from({ length: 1_000 }, (_, hour) =>
      new Date(Date.UTC(2026, 2, 1, hour, 7)).toISOString(),
    ),
    timeZone: 'UTC',
  },
  { ...interval(3_000), startsAt: '2026-03-02T12:00:00Z', maxFires: 1_000_000 } as Schedule,
  { type: 'cron', lines: ['*/7 * * * *'], timeZone: 'UTC', calendar: CALENDAR },
  {
    type: 'interval',
    everyMs: 660_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'Asia/Tokyo',
    calendar: CALENDAR,
  },
  { type: 'manual' },
);

type Step =
  | { do: 'advance'; ms: number }
  | { do: 'plan' | 'pause' | 'resume' | 'pauseAll' | 'resumeAll' | 'work' | 'cancelNext' }
  | { do: 'pauseFor'; ms: number; answer: ResumeAnswer['rule'] }
  | { do: 'pauseUntil'; ms: number; answer: StandingAnswer['rule'] }
  | { do: 'edit'; schedule: Schedule }
  | { do: 'editWhilePlanning'; schedule: Schedule }
  /** Days off, counted from the day that it is then. */
  | { do: 'editCalendar'; off: number[] }
  | { do: 'makeBlackout' | 'editBlackout'; effect: BlackoutEffect; times: RelativeTimes }
  | { do: 'endBlackout' | 'deleteBlackout' };

/** From now on, in ms; or every day for so long, in minutes from the minute that it is. */
type RelativeTimes = { fromMs: number; forMs: number } | { fromMinute: number; forMinutes: number };

const relativeTimes = fc.oneof(
  fc.record({
    fromMs: fc.integer({ min: -60_000, max: 120_000 }),
    forMs: fc.oneof(
      fc.integer({ min: 61_000, max: 600_000 }),
      fc.integer({ min: 600_000, max: 86_400_000 }),
    ),
  }),
  fc.record({
    fromMinute: fc.integer({ min: -5, max: 5 }),
    forMinutes: fc.integer({ min: 1, max: 300 }),
  }),
);
const effects = fc.constantFrom('skip' as const, 'hold' as const, 'hold' as const);

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: advances() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('pauseFor' as const),
        ms: advances(),
        answer: fc.constantFrom(
          'skip' as const,
          'latest' as const,
          'all' as const,
          'pick' as const,
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('pauseUntil' as const),
        ms: advances(),
        answer: fc.constantFrom('skip' as const, 'latest' as const, 'all' as const),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'plan' as const,
          'plan' as const,
          'pause' as const,
          'resume' as const,
          'pauseAll' as const,
          'resumeAll' as const,
          'work' as const,
          'cancelNext' as const,
          'cancelNext' as const,
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('edit' as const), schedule: schedules }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('editCalendar' as const),
        off: fc.uniqueArray(fc.integer({ min: -1, max: 1 })),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('editWhilePlanning' as const), schedule: schedules }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'makeBlackout' as const,
          'makeBlackout' as const,
          'editBlackout' as const,
        ),
        effect: effects,
        times: relativeTimes,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'endBlackout' as const,
          'endBlackout' as const,
          'deleteBlackout' as const,
        ),
      }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

function advances() {
  return fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
    { weight: 3, arbitrary: fc.integer({ min: 10_000, max: 90_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 600_000, max: 7_200_000 }) },
  );
}

test('rules 1 and 2: whatever is edited, paused, resumed, cancelled or missed, each fire is one row or stands in one gap, and the audit says so', async () => {
  await fc.assert(
    fc.asyncProperty(
      schedules,
      fc.constantFrom('latest' as const, 'none' as const, 'all' as const),
      steps,
      async (schedule, catchUp, list) => {
        const ledger = await Ledger.begin(schedule, catchUp);
        for (const step of list) {
          await ledger.take(step);
          if (step.do === 'plan') expect(await ledger.wrongAhead()).toEqual([]);
        }
        expect(await ledger.audited()).toEqual([]);
        await ledger.end();
        expect(await ledger.wrong()).toEqual([]);
      },
    ),
    {
      numRuns: Number(process.env['PLANNING_CASES'] ?? 25),
      endOnFailure: false,
      examples: FOUND_BEFORE,
    },
  );
}, 240_000);

async function calendarRevision(): Promise<number> {
  return (await readCurrentRevision(web.db().sql, CALENDAR.key))!;
}

/** The schedule as it is saved now: with the newest revision of its calendar, which this process then knows. */
async function withCalendar(schedule: Schedule): Promise<Schedule> {
  if (schedule.type === 'manual' || !schedule.calendar) return schedule;
  const pinned = { ...schedule, calendar: { ...CALENDAR, revision: await calendarRevision() } };
  await knowCalendars(web.db().sql, [pinned]);
  return pinned;
}

/** Histories that were once a fault. */
const FOUND_BEFORE: [Schedule, 'latest' | 'none', Step[]][] = [
  // An edit, a pause that then ended at a time before the edit, and another edit before any planner came.
  [
    interval(1_000),
    'latest',
    [
      { do: 'pauseUntil', ms: 332, answer: 'skip' },
      { do: 'advance', ms: 600_000 },
      { do: 'edit', schedule: interval(7_000) },
      { do: 'plan' },
      { do: 'advance', ms: 1_048_140 },
      { do: 'editWhilePlanning', schedule: interval(1_000) },
      { do: 'advance', ms: 702 },
    ],
  ],
  // A pause that was over, and a first schedule, before any worker came to end it.
  [
    { type: 'manual' },
    'latest',
    [
      { do: 'pauseUntil', ms: 1, answer: 'skip' },
      { do: 'advance', ms: 10_000 },
      { do: 'editWhilePlanning', schedule: interval(1_000) },
      { do: 'plan' },
      { do: 'pauseUntil', ms: 0, answer: 'skip' },
      { do: 'plan' },
      { do: 'advance', ms: 10_000 },
      { do: 'plan' },
    ],
  ],
];

function timesFrom(times: RelativeTimes): BlackoutTimes {
  const now = clock.now().getTime();
  if ('fromMs' in times) {
    const from = now + times.fromMs;
    return {
      type: 'once',
      from: new Date(from).toISOString(),
      to: new Date(from + times.forMs).toISOString(),
    };
  }
  const time = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  const from = now + times.fromMinute * 60_000;
  const to = from + times.forMinutes * 60_000;
  return {
    type: 'weekly',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    from: time(from),
    to: time(to),
    timeZone: 'UTC',
  };
}

/** In UTC, without any of the reckoning that the planner uses. */
function covers({ times, idleUntil }: Blackout, ms: number): boolean {
  if (idleUntil && ms < idleUntil.getTime()) return false;
  if (times.type === 'once') return ms >= Date.parse(times.from) && ms < Date.parse(times.to);
  const now = new Date(ms).toISOString().slice(11, 23);
  const [from, to] = [`${times.from}:00.000`, `${times.to}:00.000`];
  return from < to ? now >= from && now < to : now >= from || now < to;
}

class Ledger {
  readonly #job: TestJob;
  readonly #createdAt: Date;
  readonly #history: InForce[];
  readonly #planner = testPlanner(web.db().pool);
  /** Those that there are, by id. */
  readonly #blackouts: number[] = [];

  static async begin(schedule: Schedule, catchUp: 'latest' | 'none' | 'all'): Promise<Ledger> {
    await clock.advance(3_600_000);
    await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
    await web.db().sql('UPDATE blackout SET deleted_at = now() WHERE deleted_at IS NULL');
    const pinned = await withCalendar(schedule);
    const job = await makeJob(web.db(), { schedule: pinned, catchUp, catchUpMost: 30 });
    if (pinned !== schedule) {
      await web.db().sql('UPDATE job SET calendar = $2 WHERE id = $1', [job.id, CALENDAR.key]);
    }
    return new Ledger(job);
  }

  constructor(job: TestJob) {
    this.#job = job;
    this.#createdAt = clock.now();
    this.#history = [{ from: this.#createdAt, revision: 1, schedule: job.definition.schedule }];
  }

  async take(step: Step): Promise<void> {
    const { id } = this.#job;
    switch (step.do) {
      case 'advance':
        return clock.advance(step.ms);
      case 'plan':
        await Promise.all([planAll(this.#planner), planAll(testPlanner(web.db().pool, 30_000))]);
        await createResumer({ pool: web.db().pool, logger: silent, intervalMs: 2_000 }).runOnce();
        return;
      case 'pause':
        await pauseJobs(admin, { jobIds: [id], reason: 'test' });
        return;
      case 'resume':
        await resumeJobs(admin, { jobIds: [id] });
        return;
      case 'pauseFor':
        await this.take({ do: 'pause' });
        await clock.advance(step.ms);
        return this.#resume(step.answer);
      case 'pauseUntil': {
        const until = new Date(clock.now().getTime() + step.ms).toISOString();
        const end = { until, answer: { rule: step.answer } };
        await pauseJobs(admin, { jobIds: [id], reason: 'test', end });
        return;
      }
      case 'pauseAll':
        await pauseEverything(admin, { reason: 'test' });
        return;
      case 'resumeAll':
        await resumeEverything(admin);
        return;
      case 'work':
        return this.#work();
      case 'cancelNext':
        return this.#cancelNext();
      case 'edit':
        return this.#edit(step.schedule);
      case 'editWhilePlanning':
        await Promise.all([planAll(this.#planner), this.#edit(step.schedule)]);
        return;
      case 'editCalendar':
        return this.#editCalendar(step.off);
      case 'makeBlackout':
        // Three at once meet in every way that more do.
        if (this.#blackouts.length < 3) await this.#makeBlackout(step);
        return;
      case 'editBlackout':
        return this.#editBlackout(step);
      case 'endBlackout': {
        const [id] = this.#blackouts;
        if (id !== undefined) await endBlackout(admin, { id });
        return;
      }
      case 'deleteBlackout': {
        const id = this.#blackouts.shift();
        if (id !== undefined) valueOf(await deleteBlackout(admin, { id }));
      }
    }
  }

  async #makeBlackout({ effect, times }: { effect: BlackoutEffect; times: RelativeTimes }) {
    const scope = { type: 'jobs' as const, jobIds: [this.#job.id] };
    const made = await createBlackout(admin, {
      name: 'Oracle',
      effect,
      scope,
      times: timesFrom(times),
    });
    if (made.ok) this.#blackouts.push(made.value.id);
  }

  async #editBlackout({ effect, times }: { effect: BlackoutEffect; times: RelativeTimes }) {
    const id = this.#blackouts.at(-1);
    if (id === undefined) return;
    const { sql } = web.db();
    const [row] = await sql<{ version: number }>('SELECT version FROM blackout WHERE id = $1', [
      id,
    ]);
    const scope = { type: 'all' as const };
    const basedOnVersion = row!.version;
    const input = { id, basedOnVersion, name: 'Oracle', effect, scope, times: timesFrom(times) };
    await editBlackout(admin, input);
  }

  /** Holds what is planned from now on against what a person would say who looks at every fire and every blackout. */
  async wrongAhead(): Promise<string[]> {
    const { sql } = web.db();
    const { id } = this.#job;
    const [job] = await sql<{ until: Date; isOpen: boolean }>(
      `SELECT j.planned_until AS until, (j.paused_at IS NOT NULL OR i.paused_at IS NOT NULL OR j.replan_from IS NOT NULL) AS "isOpen"
         FROM job j CROSS JOIN installation i WHERE j.id = $1`,
      [id],
    );
    // Paused, or resumed since the planner looked.
    if (job!.isOpen) return [];
    const blackouts = await sql<BlackoutRow>(
      `SELECT id, name, created_by AS "createdBy", effect, times, idle_until AS "idleUntil" FROM blackout
        WHERE deleted_at IS NULL AND (scope ->> 'type' = 'all' OR scope -> 'jobIds' @> to_jsonb($1::int))`,
      [id],
    );
    const all = blackouts.map(blackoutOf);
    const ticks = new Map((await ticksOf(sql, id)).map((tick) => [tick.at.getTime(), tick]));
    const gaps = await gapsOf(sql, id);
    const complaints: string[] = [];
    const schedule = this.#history.at(-1)!.schedule;
    for (const { at } of fires(schedule, { after: clock.now(), until: job!.until })) {
      const ms = at.getTime();
      const tick = ticks.get(ms);
      if (tick?.state === 'cancelled') continue;
      const gap = gaps.find(({ from, to }) => from <= at && (to === null || at < to));
      const effects_ = all.filter((one) => covers(one, ms)).map(({ effect }) => effect);
      const wanted = effects_.includes('skip')
        ? 'blackout'
        : effects_.includes('hold')
          ? 'held'
          : 'open';
      const is = tick
        ? tick.dueAt.getTime() === ms
          ? 'open'
          : 'held'
        : (gap?.reason ?? 'nothing');
      if (is !== wanted) complaints.push(`${at.toISOString()} is ${is}, not ${wanted}`);
      if (wanted === 'held' && tick && all.some((one) => covers(one, tick.dueAt.getTime()))) {
        complaints.push(`${at.toISOString()} becomes due in a blackout`);
      }
    }
    return complaints;
  }

  /** Once all is over: what stands for a gap is there, and nothing waits for the planner. */
  async #wrongCovers(): Promise<string[]> {
    const rows = await web
      .db()
      .sql<{ from: Date; reason: string; cover: Date | null; runs: number; is: boolean }>(
        `SELECT lower(g.span) AS "from", g.reason, g.covered_by AS cover, g.to_cover AS is,
              (SELECT count(*)::int FROM run r WHERE r.job_id = g.job_id AND r.trigger = 'tick'
                  AND r.scheduled_for = g.covered_by) AS runs
         FROM gap g JOIN job j ON j.id = g.job_id
        WHERE g.job_id = $1 AND (g.to_cover OR g.covered_by <= coalesce(j.replan_from, j.planned_until))`,
        [this.#job.id],
      );
    return rows
      .filter(({ is, runs }) => is || runs !== 1)
      .map((row) => `the gap ${JSON.stringify(row)} has no run that stands for it`);
  }

  async end(): Promise<void> {
    await resumeEverything(admin);
    await resumeJobs(admin, { jobIds: [this.#job.id] });
    await planAll(this.#planner);
    await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  }

  async wrong(): Promise<string[]> {
    const { sql } = web.db();
    const complaints = await accountFor(sql, this.#job.id, {
      after: this.#createdAt,
      until: clock.now(),
      history: this.#history,
    });
    for (const { to, ticks } of await gapsOf(sql, this.#job.id)) {
      if (to === null) complaints.push('a gap is still open');
      else if (ticks === null) complaints.push('a gap is not counted');
    }
    return [...complaints, ...(await this.#wrongCovers()), ...(await this.audited())];
  }

  /** What the audit of the ledger, which knows of the history what stands in the database alone, says. */
  async audited(): Promise<string[]> {
    const [from, to] = [new Date(this.#createdAt.getTime() - 1_000), clock.now()];
    const input = { key: this.#job.key, from, to };
    const { isEven, jobs } = valueOf(await auditTicks(admin, input));
    return isEven ? [] : [JSON.stringify(jobs)];
  }

  /** With an answer; one that asks for too much is refused, and then the latest runs. */
  async #resume(rule: ResumeAnswer['rule']): Promise<void> {
    const jobIds = [this.#job.id];
    const { ticks } = valueOf(await readPauseTicks(admin, { jobId: this.#job.id }));
    const at = ticks.filter((_, n) => n % 3 === 0).map((tick) => tick.at);
    const answer =
      rule !== 'pick' ? { rule } : at.length > 0 ? { rule, at } : { rule: 'skip' as const };
    const done = await resumeJobs(admin, { jobIds, answer });
    if (!done.ok) valueOf(await resumeJobs(admin, { jobIds, answer: { rule: 'latest' } }));
  }

  async #edit(schedule: Schedule): Promise<void> {
    const edited = await editJob(admin, {
      jobId: this.#job.id,
      basedOnRevision: this.#history.at(-1)!.revision,
      definition: { ...this.#job.definition, schedule },
    });
    if (!edited.ok) throw new Error(edited.refusal.message);
    if (!edited.value.isChanged) return;
    const from = new Date(clock.now().getTime() + 1);
    this.#history.push({
      from,
      revision: edited.value.revision,
      schedule: await withCalendar(schedule),
    });
  }

  async #editCalendar(off: readonly number[]): Promise<void> {
    const today = clock.now().getTime();
    const dates = off.map((days) => ({
      date: new Date(today + days * 86_400_000).toISOString().slice(0, 10),
    }));
    const edited = await editCalendar(admin, {
      ...CALENDAR,
      name: 'Oracle',
      definition: { weekend: [], dates },
      basedOnRevision: await calendarRevision(),
    });
    if (!edited.ok) throw new Error(edited.refusal.message);
    if (!edited.value.jobs.includes(this.#job.key)) return;
    const { revision, schedule } = this.#history.at(-1)!;
    const from = new Date(clock.now().getTime() + 1);
    this.#history.push({ from, revision: revision + 1, schedule: await withCalendar(schedule) });
  }

  /** What workers would do: due ticks that aren't held run and end. */
  async #work(): Promise<void> {
    await web.db().sql(
      `UPDATE run SET is_live = false, state = 'succeeded', attempt = 1, finished_at = now()
        WHERE is_live AND job_id = $1 AND state = 'queued' AND hold IS NULL AND due_at <= now()
          AND NOT EXISTS (SELECT FROM installation WHERE paused_at IS NOT NULL)`,
      [this.#job.id],
    );
  }

  /** A person cancels a tick that isn't due yet. */
  async #cancelNext(): Promise<void> {
    await planAll(this.#planner);
    await web.db().sql(
      `UPDATE run SET is_live = false, state = 'cancelled', finished_at = now(), cancelled_by = 'Test'
        WHERE is_live AND id IN (
          SELECT id FROM run
           WHERE is_live AND job_id = $1 AND state = 'queued' AND scheduled_for > now()
           ORDER BY scheduled_for LIMIT 1)`,
      [this.#job.id],
    );
  }
}
