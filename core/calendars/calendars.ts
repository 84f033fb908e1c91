import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { lockInstallation } from '../jobs/change-over.sql.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { CalendarDefinition } from '../schedules/calendars/definition.ts';
import {
  CreateCalendar,
  DeleteCalendar,
  EditCalendar,
  noSuchCalendar,
  refuseHolidays,
} from './calendar-input.ts';
import { readJobsUsing } from './calendars.sql.ts';
import { businessDaysIn } from './know-calendars.ts';
import { moveJobsToRevision } from './move-jobs.ts';

export type SavedCalendar = { key: string; revision: number };

/** `jobs` are the keys of those whose ticks are planned anew; `isChanged` is false where the edit said nothing new. */
export type EditedCalendar = SavedCalendar & {
  isChanged: boolean;
  jobs: string[];
  /** Of those, the ones that never fire any more under the new calendar. */
  ended: string[];
};

/** Makes a calendar. A key that was deleted can be used again: its revisions are counted on. */
export async function createCalendar(
  actor: Actor,
  input: z.input<typeof CreateCalendar>,
): Promise<Outcome<SavedCalendar>> {
  authorize(actor, 'calendar:write');
  const parsed = CreateCalendar.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key, name, definition, note } = parsed.data;
  const refused = await refuseHolidays(definition);
  if (refused) return refused;
  return inTransaction(async (tx, sql) => {
    // As every change of a calendar does: so nobody saves a job that names it meanwhile.
    await lockInstallation(sql, 'UPDATE');
    const before = await tx.calendar.findUnique({ where: { key } });
    if (before && before.deletedAt === null) return keyTaken(key);
    const revision = (before?.revision ?? 0) + 1;
    await tx.calendar.upsert({
      where: { key },
      create: { key, name, revision },
      update: { name, revision, deletedAt: null },
    });
    await insertRevision(tx, actor, { key, number: revision, name, definition, note });
    await audit(tx, actor, {
      action: 'calendar.create',
      subject: `calendar:${key}`,
      after: { revision, name },
      reason: note,
    });
    await announce(sql, 'calendar');
    return done({ key, revision });
  });
}

/**
 * Saves a new revision, and with it one of every job that uses the calendar: what is due already keeps its revision,
 * what was planned ahead is taken back and planned by the new calendar. The past is reckoned as it was.
 */
export async function editCalendar(
  actor: Actor,
  input: z.input<typeof EditCalendar>,
): Promise<Outcome<EditedCalendar>> {
  authorize(actor, 'calendar:write');
  const parsed = EditCalendar.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key, name, definition, note, basedOnRevision } = parsed.data;
  const refused = await refuseHolidays(definition);
  if (refused) return refused;
  const business = await businessDaysIn(definition);
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'UPDATE');
    const before = await currentRevision(tx, key);
    if (!before) return noSuchCalendar(key);
    if (before.number !== basedOnRevision) return overtaken(before);
    const isNamed = before.name !== name;
    const isDefined = !isDeepStrictEqual(
      CalendarDefinition.safeParse(before.definition).data,
      definition,
    );
    if (!isNamed && !isDefined) {
      return done({ key, revision: before.number, isChanged: false, jobs: [], ended: [] });
    }
    const revision = before.number + 1;
    await tx.calendar.update({ where: { key }, data: { name, revision } });
    await insertRevision(tx, actor, { key, number: revision, name, definition, note });
    const moved = await moveJobsToRevision(sql, actor, {
      key,
      revision,
      business,
      note,
      isEverythingPaused: pausedAt !== null,
    });
    await audit(tx, actor, {
      action: 'calendar.edit',
      subject: `calendar:${key}`,
      before: { revision: before.number, name: before.name },
      after: { revision, name, jobs: moved.jobs.length },
      reason: note,
    });
    await announce(sql, 'calendar');
    return done({ key, revision, isChanged: true, ...moved });
  });
}

const MOST_NAMED = 5;

/** Refused while a job uses it. Its revisions stay, for the past of jobs that did. */
export async function deleteCalendar(
  actor: Actor,
  input: z.input<typeof DeleteCalendar>,
): Promise<Outcome<{ key: string }>> {
  authorize(actor, 'calendar:write');
  const parsed = DeleteCalendar.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key, basedOnRevision } = parsed.data;
  return inTransaction(async (tx, sql) => {
    await lockInstallation(sql, 'UPDATE');
    const before = await currentRevision(tx, key);
    if (!before) return noSuchCalendar(key);
    if (before.number !== basedOnRevision) return overtaken(before);
    const jobs = await readJobsUsing(sql, key);
    if (jobs.length > 0) return inUse(key, jobs);
    await tx.calendar.update({ where: { key }, data: { deletedAt: new Date() } });
    await audit(tx, actor, {
      action: 'calendar.delete',
      subject: `calendar:${key}`,
      before: { revision: before.number, name: before.name },
    });
    await announce(sql, 'calendar');
    return done({ key });
  });
}

type NewRevision = {
  key: string;
  number: number;
  name: string;
  definition: CalendarDefinition;
  note: string;
};

async function insertRevision(tx: Tx, actor: Actor, { key, ...revision }: NewRevision) {
  await tx.calendarRevision.create({
    data: { calendarKey: key, ...revision, createdBy: actor.name },
  });
}

async function currentRevision(tx: Tx, key: string) {
  const calendar = await tx.calendar.findFirst({ where: { key, deletedAt: null } });
  if (!calendar) return null;
  return tx.calendarRevision.findUniqueOrThrow({
    where: { calendarKey_number: { calendarKey: key, number: calendar.revision } },
  });
}

function inUse(key: string, jobs: readonly { key: string }[]): Refused {
  const named = jobs.slice(0, MOST_NAMED).map((job) => job.key);
  const more = jobs.length - named.length;
  const list = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
  const use = jobs.length === 1 ? 'The job uses' : 'Jobs use';
  return refuse(
    'conflict',
    `${use} the calendar ${key}: ${list}. Take it out of ${jobs.length === 1 ? 'its schedule' : 'their schedules'} first.`,
  );
}

function overtaken({ createdBy, number }: { createdBy: string; number: number }): Refused {
  return refuse(
    'conflict',
    `${createdBy} saved revision ${number} of this calendar meanwhile. Look at what they changed, then save again.`,
  );
}

function keyTaken(key: string): Refused {
  const message = `There is already a calendar with the key ${key}. Choose another one.`;
  return refuse('invalid', message, [{ path: ['key'], message }]);
}
