import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { firstInstantAhead, lockInstallation } from '../jobs/change-over.sql.ts';
import type { Sql } from '../db.ts';
import { BlackoutTimes } from '../schedules/blackouts/blackout-times.ts';
import { Coverage } from '../schedules/blackouts/coverage.ts';
import { BlackoutDefinition, DeleteBlackout, EditBlackout, EndBlackout } from './blackout-input.ts';
import { readUnknownOfScope } from './blackouts.sql.ts';
import { changeBlackouts } from './change-blackouts.ts';
import { blackoutOf, type BlackoutRow } from './planning-blackouts.sql.ts';
import { BlackoutScope } from './scope.ts';

/** `jobs`: how many are planned anew. */
export type SavedBlackout = { id: number; version: number; jobs: number };

/** Makes a blackout. What waits already when a window begins isn't touched: it keeps ticks from firing, as a pause does. */
export async function createBlackout(
  actor: Actor,
  input: z.input<typeof BlackoutDefinition>,
): Promise<Outcome<SavedBlackout>> {
  authorize(actor, 'blackout:write');
  const parsed = BlackoutDefinition.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const definition = parsed.data;
  return inTransaction(async (tx, sql) => {
    const refused =
      (await refuseScope(sql, definition)) ?? refuseTimes(definition, await firstInstantAhead(sql));
    if (refused) return refused;
    const { value, jobs } = await changeBlackouts(sql, [definition.scope], () =>
      tx.blackout.create({
        data: { ...columnsOf(definition), createdBy: actor.name },
        select: { id: true },
      }),
    );
    await audit(tx, actor, {
      action: 'blackout.create',
      subject: subjectOf(definition),
      after: { ...definition, id: value.id, jobs },
      reason: definition.note,
    });
    return done({ id: value.id, version: 1, jobs });
  });
}

/** Changes a blackout; what has passed stands in the ledger as it was. */
export async function editBlackout(
  actor: Actor,
  input: z.input<typeof EditBlackout>,
): Promise<Outcome<SavedBlackout & { isChanged: boolean }>> {
  authorize(actor, 'blackout:write');
  const parsed = EditBlackout.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { id, basedOnVersion, ...definition } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const before = await lockBlackout(tx, sql, id);
    if (!before) return noSuchBlackout();
    if (before.version !== basedOnVersion) return overtaken(before.name);
    const was = definitionOf(before);
    if (isDeepStrictEqual(was, definition)) {
      return done({ id, version: before.version, jobs: 0, isChanged: false });
    }
    const isMoved = !isDeepStrictEqual(was.times, definition.times);
    const refused =
      (await refuseScope(sql, definition)) ??
      (isMoved ? refuseTimes(definition, await firstInstantAhead(sql)) : null);
    if (refused) return refused;
    const version = before.version + 1;
    const { jobs } = await changeBlackouts(sql, [was.scope, definition.scope], () =>
      tx.blackout.update({
        where: { id },
        data: {
          ...columnsOf(definition),
          version,
          // Other times are other windows: that one of the old ones was ended early says nothing of them.
          ...(isMoved ? { idleUntil: null, endedAt: null, endedBy: null } : {}),
        },
      }),
    );
    await audit(tx, actor, {
      action: 'blackout.edit',
      subject: subjectOf(definition),
      before: { ...was, id },
      after: { ...definition, id, jobs },
      reason: definition.note,
    });
    return done({ id, version, jobs, isChanged: true });
  });
}

/** Ends the window that is on. One that comes every week comes again. Ticks that it held so far run now, as one. */
export async function endBlackout(
  actor: Actor,
  input: z.input<typeof EndBlackout>,
): Promise<Outcome<SavedBlackout>> {
  authorize(actor, 'blackout:write');
  const parsed = EndBlackout.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { id } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const before = await lockBlackout(tx, sql, id);
    if (!before) return noSuchBlackout();
    const now = await firstInstantAhead(sql);
    const endMs = new Coverage([blackoutOf(before as BlackoutRow)]).freeFrom(now.getTime());
    if (endMs === now.getTime()) {
      return refuse(
        'conflict',
        `${before.name} isn’t on now. Look at the list of blackouts again.`,
      );
    }
    if (!Number.isFinite(endMs)) {
      return refuse('conflict', `${before.name} never lets go. Edit its times, or delete it.`);
    }
    const { scope } = definitionOf(before);
    const { jobs } = await changeBlackouts(sql, [scope], () =>
      tx.blackout.update({
        where: { id },
        data: { idleUntil: new Date(endMs), endedAt: now, endedBy: actor.name },
      }),
    );
    await audit(tx, actor, {
      action: 'blackout.end',
      subject: subjectOf(before),
      before: { id, until: new Date(endMs).toISOString() },
      after: { id, jobs },
    });
    return done({ id, version: before.version, jobs });
  });
}

export async function deleteBlackout(
  actor: Actor,
  input: z.input<typeof DeleteBlackout>,
): Promise<Outcome<{ name: string; jobs: number }>> {
  authorize(actor, 'blackout:write');
  const parsed = DeleteBlackout.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { id } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const before = await lockBlackout(tx, sql, id);
    if (!before) return noSuchBlackout();
    const was = definitionOf(before);
    const { jobs } = await changeBlackouts(sql, [was.scope], () =>
      tx.blackout.update({ where: { id }, data: { deletedAt: new Date() } }),
    );
    await audit(tx, actor, {
      action: 'blackout.delete',
      subject: subjectOf(before),
      before: { ...was, id },
      after: { jobs },
    });
    return done({ name: before.name, jobs });
  });
}

function columnsOf({ note, name, effect, times, scope }: BlackoutDefinition) {
  const endsAt = times.type === 'once' ? new Date(times.to) : null;
  return { name, note, effect, times, scope, endsAt };
}

type SavedRow = NonNullable<Awaited<ReturnType<typeof lockBlackout>>>;

// A lock of the row itself would meet planners, whose gaps name it.
async function lockBlackout(tx: Tx, sql: Sql, id: number) {
  await lockInstallation(sql, 'UPDATE');
  return tx.blackout.findFirst({ where: { id, deletedAt: null } });
}

function definitionOf({ name, note, effect, times, scope }: SavedRow): BlackoutDefinition {
  return {
    name,
    note,
    effect: effect as BlackoutDefinition['effect'],
    times: BlackoutTimes.parse(times),
    scope: BlackoutScope.parse(scope),
  };
}

const subjectOf = ({ name }: { name: string }) => `blackout:${name}`;

async function refuseScope(sql: Sql, { scope }: BlackoutDefinition): Promise<Refused | null> {
  const unknown = await readUnknownOfScope(sql, scope);
  if (unknown.length === 0) return null;
  const message =
    scope.type === 'queues'
      ? `There is no queue ${unknown[0]}. Choose one from the list.`
      : 'One of these jobs isn’t there any more. Choose from the list again.';
  return refuse('invalid', message, [
    { path: ['scope', scope.type === 'queues' ? 'queues' : 'jobIds'], message },
  ]);
}

function refuseTimes({ times }: BlackoutDefinition, now: Date): Refused | null {
  if (times.type !== 'once' || Date.parse(times.to) > now.getTime()) return null;
  const message = 'This window has passed. Give an end that lies ahead.';
  return refuse('invalid', message, [{ path: ['times', 'to'], message }]);
}

const overtaken = (name: string) =>
  refuse(
    'conflict',
    `Somebody else changed ${name} meanwhile. Look at what they changed, then save again.`,
  );

const noSuchBlackout = () =>
  refuse('not_found', 'This blackout isn’t there any more: somebody deleted it.');
