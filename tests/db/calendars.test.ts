import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCalendar, deleteCalendar, editCalendar } from '#core/calendars/calendars.ts';
import { importDates } from '#core/calendars/import-dates.ts';
import { listCalendars, readCalendar } from '#core/calendars/read-calendars.ts';
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
    expect(await readCalendar(viewer, { key })).toMatchObject({ ok: false });
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
