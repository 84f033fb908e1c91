import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCalendar, deleteCalendar, editCalendar } from '#core/calendars/calendars.ts';
import { importDates } from '#core/calendars/import-dates.ts';
import { listCalendarRevisions } from '#core/calendars/calendar-revisions.ts';
import { previewCalendarEdit, previewYear } from '#core/calendars/preview-calendar.ts';
import { listCalendars, readCalendar, readCalendarYear } from '#core/calendars/read-calendars.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { gapsOf, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';

const web = webDatabase();
let clock: TestClock;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2026-12-21T12:00:00.000Z'));
});
beforeEach(() => web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL'));

const DAY = 86_400_000;
let made = 0;
const freshKey = () => `calendar-${(made += 1)}`;
const plan = () => planAll(testPlanner(web.db().pool));
const value = <T>(
  outcome: { ok: true; value: T } | { ok: false; refusal: { message: string } },
): T => {
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
};

const GERMANY = { holidays: { country: 'DE', region: 'BY' } };
const hourly = (key: string, line = '0 * * * *'): Schedule => ({
  type: 'cron',
  lines: [line],
  timeZone: 'UTC',
  calendar: { key, rule: 'skip' },
});

async function makeCalendar(definition: object = GERMANY): Promise<string> {
  const key = freshKey();
  value(await createCalendar(admin, { key, name: 'Works', definition }));
  return key;
}

const makeJobWith = async (schedule: Schedule) =>
  value(await createJob(admin, testDefinition({ schedule })));

const at = async (jobId: number) =>
  (await ticksOf(web.db().sql, jobId)).map((tick) => tick.at.toISOString());

describe('a calendar', () => {
  test('is made, read, edited and deleted, each with its line in the audit trail', async () => {
    const key = await makeCalendar();
    expect(await listCalendars(viewer)).toContainEqual(
      expect.objectContaining({ key, name: 'Works', revision: 1, jobs: 0 }),
    );
    const edit = { key, name: 'Works and offices', definition: GERMANY, basedOnRevision: 1 };
    expect(value(await editCalendar(admin, edit))).toMatchObject({ revision: 2, isChanged: true });
    expect(await editCalendar(admin, edit)).toMatchObject({
      ok: false,
      refusal: { code: 'conflict' },
    });
    expect(value(await editCalendar(admin, { ...edit, basedOnRevision: 2 }))).toMatchObject({
      revision: 2,
      isChanged: false,
    });
    expect(value(await deleteCalendar(admin, { key, basedOnRevision: 2 }))).toEqual({ key });
    expect(value(await readCalendar(viewer, { key }))).toMatchObject({ isDeleted: true });
    expect(await listCalendars(viewer)).not.toContainEqual(expect.objectContaining({ key }));
    // Its past is still reckoned by its revisions: they are counted on.
    expect(value(await createCalendar(admin, { key, name: 'Again', definition: {} }))).toEqual({
      key,
      revision: 3,
    });
    const trail = await web
      .db()
      .sql<{ action: string }>('SELECT action FROM audit_entry WHERE subject = $1 ORDER BY id', [
        `calendar:${key}`,
      ]);
    expect(trail.map(({ action }) => action)).toEqual([
      'calendar.create',
      'calendar.edit',
      'calendar.delete',
      'calendar.create',
    ]);
  });

  test('that can’t be is refused at its field', async () => {
    const key = freshKey();
    const fields = async (input: object) => {
      const made = await createCalendar(admin, { key, name: 'Works', definition: {}, ...input });
      return made.ok ? [] : made.refusal.fields?.map(({ path }) => path.join('.'));
    };
    expect(await fields({ definition: { holidays: { country: 'XX' } } })).toEqual([
      'definition.holidays.country',
    ]);
    expect(await fields({ definition: { holidays: { country: 'DE', region: 'ZZ' } } })).toEqual([
      'definition.holidays.region',
    ]);
    expect(await fields({ definition: { dates: [{ date: '2026-02-30' }] } })).toEqual([
      'definition.dates.0.date',
    ]);
    expect(await fields({ name: ' ' })).toEqual(['name']);
    expect(await fields({ key: 'No Key' })).toEqual(['key']);
  });

  test('is changed only by who may', async () => {
    const key = await makeCalendar();
    await expect(createCalendar(viewer, { key, name: 'x', definition: {} })).rejects.toThrow(
      'Your role doesn’t allow this',
    );
    await expect(
      editCalendar(viewer, { key, name: 'x', definition: {}, basedOnRevision: 1 }),
    ).rejects.toThrow('Your role doesn’t allow this');
    await expect(deleteCalendar(viewer, { key, basedOnRevision: 1 })).rejects.toThrow(
      'Your role doesn’t allow this',
    );
    expect(() => importDates(viewer, { text: '', fromYear: 2026, toYear: 2027 })).toThrow(
      'Your role doesn’t allow this',
    );
  });

  test('in use isn’t deleted, and the jobs are named', async () => {
    const key = await makeCalendar();
    const job = await makeJobWith(hourly(key));
    const refused = await deleteCalendar(admin, { key, basedOnRevision: 1 });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'conflict' } });
    expect(refused.ok ? '' : refused.refusal.message).toContain(job.key);
  });

  test('that isn’t there can’t be named by a schedule', async () => {
    const refused = await createJob(admin, testDefinition({ schedule: hourly('nowhere') }));
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'invalid', fields: [{ path: ['schedule', 'calendar', 'key'] }] },
    });
  });

  test('that leaves a schedule no day is told when the job is saved', async () => {
    const key = await makeCalendar({ weekend: [0, 1, 2, 3, 4, 5, 6] });
    const refused = await createJob(admin, testDefinition({ schedule: hourly(key) }));
    expect(refused.ok ? '' : refused.refusal.message).toContain('never fires');
  });
});

test('rule 1: an edited calendar moves the ticks ahead, and the past stays as it was', async () => {
  await clock.advance(DAY * 2 + 3_600_000 * 9);
  // 23 December 2026, 21:00.
  expect(clock.now().toISOString()).toBe('2026-12-23T21:00:00.000Z');
  const key = await makeCalendar({});
  const job = await makeJobWith(hourly(key));
  const other = await makeJobWith(hourly(key, '30 * * * *'));
  const paused = await makeJobWith(hourly(key));
  value(await pauseJobs(admin, { jobIds: [paused.jobId] }));
  const began = clock.now();
  await clock.advance(59.5 * 60_000);
  await plan();
  expect(await at(job.jobId)).toEqual(['2026-12-23T22:00:00.000Z']);
  await clock.advance(2 * 3_600_000);
  await plan();
  expect(await at(job.jobId)).toContain('2026-12-24T00:00:00.000Z');
  const edited = value(
    await editCalendar(admin, {
      key,
      name: 'Works',
      definition: { dates: [{ date: '2026-12-24', name: 'Closed' }] },
      basedOnRevision: 1,
      note: 'Closed on the 24th.',
    }),
  );
  expect(edited.jobs).toEqual([job.key, other.key, paused.key].toSorted());
  expect(edited.ended).toEqual([]);
  await clock.advance(20 * 3_600_000);
  await plan();
  // The tick at midnight was planned already; from the edit on the 24th has none.
  expect(await at(job.jobId)).toEqual(['2026-12-23T22:00:00.000Z', '2026-12-23T23:00:00.000Z']);
  expect(await gapsOf(web.db().sql, job.jobId)).toEqual([]);
  expect(
    await web.db().sql('SELECT next_tick_at AS at FROM job WHERE id = $1', [job.jobId]),
  ).toEqual([{ at: new Date('2026-12-25T00:00:00.000Z') }]);
  const revisions = await web.db().sql(
    `SELECT number, note, definition -> 'schedule' -> 'calendar' ->> 'revision' AS calendar
       FROM revision WHERE job_id = $1 ORDER BY number`,
    [job.jobId],
  );
  expect(revisions).toEqual([
    { number: 1, note: '', calendar: '1' },
    { number: 2, note: 'Closed on the 24th.', calendar: '2' },
  ]);
  // What lay in the pause is counted by both calendars, each for its time.
  value(await resumeJobs(admin, { jobIds: [paused.jobId] }));
  await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  expect(await gapsOf(web.db().sql, paused.jobId)).toMatchObject([
    { ticks: 2, revision: 1 },
    { ticks: 0, revision: 2 },
  ]);
  const sum = value(
    await ledgerCounts(viewer, {
      jobId: job.jobId,
      from: began.toISOString(),
      to: clock.now().toISOString(),
    }),
  );
  expect(sum).toMatchObject({ expected: 2, isEven: true });
});

test('a job that is edited fires by the newest revision of its calendar', async () => {
  const key = await makeCalendar({});
  const definition = testDefinition({ schedule: hourly(key) });
  const { jobId } = value(await createJob(admin, definition));
  value(await editCalendar(admin, { key, name: 'Works', definition: GERMANY, basedOnRevision: 1 }));
  const edited = value(
    await editJob(admin, { jobId, basedOnRevision: 2, definition: { ...definition, notes: 'x' } }),
  );
  expect(edited.revision).toBe(3);
  const [row] = await web.db().sql(
    `SELECT definition -> 'schedule' -> 'calendar' ->> 'revision' AS calendar
       FROM revision WHERE job_id = $1 AND number = 3`,
    [jobId],
  );
  expect(row).toEqual({ calendar: '2' });
});

describe('a calendar is read', () => {
  test('with what it says in words, its jobs, its days and what each revision changed', async () => {
    const key = await makeCalendar();
    const next = { key, rule: 'nth' as const, nth: [1, -1] };
    const { key: jobKey } = await makeJobWith({ ...hourly(key), calendar: next } as Schedule);
    value(
      await editCalendar(admin, {
        key,
        name: 'Works',
        definition: { ...GERMANY, dates: [{ date: '2026-12-24', name: 'Closed' }] },
        basedOnRevision: 1,
        note: 'As every year.',
      }),
    );
    const says = {
      place: { country: 'Germany', region: 'Bayern' },
      types: ['public'],
      weekend: [6, 0],
      dates: 1,
      workdays: 0,
    };
    const listed = (await listCalendars(viewer)).find((calendar) => calendar.key === key);
    expect(listed).toMatchObject({ says, jobs: 1, revision: 2 });
    const detail = value(await readCalendar(viewer, { key }));
    expect(detail).toMatchObject({ says, jobCount: 1, note: 'As every year.' });
    expect(detail.jobs).toMatchObject([
      { key: jobKey, rule: { rule: 'nth', nth: [1, -1] }, isPaused: false },
    ]);
    const year = value(await readCalendarYear(viewer, { key, year: 2026 }));
    expect(year.days).toContainEqual({
      date: '2026-12-24',
      kind: 'date',
      name: 'Closed',
      instead: null,
    });
    expect(value(await listCalendarRevisions(viewer, { key }))).toMatchObject([
      {
        number: 2,
        savedBy: 'Test',
        changes: [{ kind: 'dates_added', dates: [{ date: '2026-12-24' }], more: 0 }],
      },
      { number: 1, changes: null },
    ]);
    expect(await readCalendarYear(viewer, { key, year: 1066 })).toMatchObject({ ok: false });
    expect(await readCalendarYear(viewer, { key: 'nowhere', year: 2026 })).toMatchObject({
      refusal: { code: 'not_found' },
    });
  });

  test('before it is saved: its year, or what is wrong at its field', async () => {
    const definition = { holidays: { country: 'CN' }, workdays: [{ date: '2026-10-10' }] };
    const year = value(await previewYear(viewer, { definition, year: 2026 }));
    expect(year.days).toContainEqual(
      expect.objectContaining({ date: '2026-10-10', kind: 'workday' }),
    );
    expect(
      await previewYear(viewer, { definition: { holidays: { country: 'XX' } }, year: 2026 }),
    ).toMatchObject({ refusal: { fields: [{ path: ['definition', 'holidays', 'country'] }] } });
  });

  test('at an address of the console it can’t be made', async () => {
    for (const key of ['new', 'blackouts']) {
      const made = await createCalendar(admin, { key, name: 'Works', definition: {} });
      expect(made).toMatchObject({ refusal: { fields: [{ path: ['key'] }] } });
    }
  });
});

describe('before an edit is saved', () => {
  const dayAhead = (days: number) =>
    new Date(clock.now().getTime() + days * DAY).toISOString().slice(0, 10);

  test('the jobs that would fire otherwise are told, with how many ticks go and come', async () => {
    const key = await makeCalendar({ weekend: [] });
    const skipping = await makeJobWith(hourly(key, '0 9 * * *'));
    const rolling = await makeJobWith({
      ...hourly(key, '0 9 * * *'),
      lines: ['0 9 * * *'],
      calendar: { key, rule: 'next' },
    } as Schedule);
    const seconds = await makeJobWith({
      type: 'interval',
      everyMs: 1_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
      calendar: { key, rule: 'skip' },
    });
    const ended = await makeJobWith({
      type: 'dates',
      at: [`${dayAhead(80)}T09:00:00Z`],
      timeZone: 'UTC',
      calendar: { key, rule: 'skip' },
    });
    const definition = { weekend: [], dates: [{ date: dayAhead(80), name: 'Closed' }] };
    const effects = value(await previewCalendarEdit(viewer, { key, definition }));
    expect(effects).toMatchObject({ jobs: 4, days: 90, changed: 4 });
    const of = (jobKey: string) => effects.first.find((job) => job.key === jobKey);
    const at = Date.parse(`${dayAhead(80)}T09:00:00Z`);
    expect(of(skipping.key)).toMatchObject({
      vanish: 1,
      fresh: 0,
      isEnded: false,
      first: [{ atMs: at, sign: 'vanishes' }],
    });
    // Its tick meets the one of the day after.
    expect(of(rolling.key)).toMatchObject({ vanish: 1, fresh: 0 });
    expect(of(seconds.key)).toMatchObject({ vanish: 86_400, fresh: 0 });
    expect(of(ended.key)).toMatchObject({ vanish: 1, isEnded: true });
    expect(effects.first[0]?.key).toBe(ended.key);
    // Nothing of it was saved, and the next question is answered anew.
    const same = value(await previewCalendarEdit(viewer, { key, definition: { weekend: [] } }));
    expect(same).toMatchObject({ jobs: 4, changed: 0, vanish: 0, fresh: 0 });
    const other = { weekend: [], dates: [{ date: dayAhead(81), name: 'Closed' }] };
    const otherEffects = value(await previewCalendarEdit(viewer, { key, definition: other }));
    expect(otherEffects.first.find((job) => job.key === skipping.key)?.first).toEqual([
      { atMs: at + DAY, sign: 'vanishes' },
    ]);
  });

  test('two hundred jobs are compared in a moment', async () => {
    const key = await makeCalendar({});
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, n) => makeJobWith(hourly(key, `${n % 60} * * * *`))),
    );
    const dates = [{ date: dayAhead(10) }, { date: dayAhead(20) }, { date: dayAhead(26) }];
    await previewCalendarEdit(viewer, { key, definition: {} });
    const began = performance.now();
    const effects = value(await previewCalendarEdit(viewer, { key, definition: { dates } }));
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(effects.jobs).toBe(made.length);
    expect(effects.first).toHaveLength(20);
  });
});
