import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { seal } from './key-ring.ts';
import { SecretLimits } from './limits.ts';
import { mayUse } from './may-use.ts';
import { ownKeys } from './own-keys.ts';
import { SecretName, SecretValue } from './secret-name.ts';
import { readUsers } from './secrets.sql.ts';
import { refuseLocked } from './vault.ts';

export const AddSecret = z.object({
  name: SecretName,
  value: SecretValue,
  limits: SecretLimits.prefault({}),
});
export const ReplaceSecret = z.object({ name: SecretName, value: SecretValue });
export const LimitSecret = z.object({
  name: SecretName,
  limits: SecretLimits,
  /** Also where jobs that use it couldn't any more. */
  isSure: z.boolean().default(false),
});
export const RemoveSecret = z.object({ name: SecretName });

/** Adds a value under a name that is free. Nobody is shown it again. */
export async function addSecret(
  actor: Actor,
  input: z.input<typeof AddSecret>,
): Promise<Outcome<null>> {
  authorize(actor, 'secret:write');
  const parsed = AddSecret.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { name, value, limits } = parsed.data;
  return change(actor, { action: 'secret.add', name, after: { ...limits } }, async (tx, sql) => {
    const locked = await refuseLocked(sql);
    if (locked) return locked;
    const by = { createdBy: actor.name, changedBy: actor.name };
    const { count } = await tx.secret.createMany({
      data: [{ name, ...sealed(name, value), ...limits, ...by }],
      skipDuplicates: true,
    });
    if (count > 0) return done(null);
    const message = `There is already a secret ${name}. Choose another name, or replace its value.`;
    return refuse('invalid', message, [{ path: ['name'], message }]);
  });
}

/** Gives a secret another value; runs that start from now on get it. */
export async function replaceSecret(
  actor: Actor,
  input: z.input<typeof ReplaceSecret>,
): Promise<Outcome<null>> {
  authorize(actor, 'secret:write');
  const parsed = ReplaceSecret.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { name, value } = parsed.data;
  return change(actor, { action: 'secret.replace', name }, async (tx, sql) => {
    const locked = await refuseLocked(sql);
    if (locked) return locked;
    const { count } = await tx.secret.updateMany({
      where: { name },
      data: { ...sealed(name, value), changedBy: actor.name, changedAt: new Date() },
    });
    return count > 0 ? done(null) : noSuch(name);
  });
}

/**
 * Says which jobs may use it. Runs of others that use it fail from then on: where there are such, it is refused with
 * `conflict` and their names, unless one is sure.
 */
export async function limitSecret(
  actor: Actor,
  input: z.input<typeof LimitSecret>,
): Promise<Outcome<null>> {
  authorize(actor, 'secret:write');
  const parsed = LimitSecret.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { name, limits, isSure } = parsed.data;
  const entry = { action: 'secret.limit', name, after: { ...limits } };
  return change(actor, entry, async (tx, sql) => {
    const locked = await refuseLocked(sql);
    if (locked) return locked;
    const hit = isSure ? [] : await jobsThatLose(sql, name, limits);
    if (hit.length > 0) return refuse('conflict', LOSE_IT(hit));
    const { count } = await tx.secret.updateMany({ where: { name }, data: limits });
    return count > 0 ? done(null) : noSuch(name);
  });
}

/**
 * Deletes a secret; runs of jobs that use it fail from then on.
 * @param evenIfLocked also where the key doesn't fit: how a terminal gets rid of what nobody can open any more
 */
export async function removeSecret(
  actor: Actor,
  input: z.input<typeof RemoveSecret>,
  { evenIfLocked = false }: { evenIfLocked?: boolean } = {},
): Promise<Outcome<null>> {
  authorize(actor, 'secret:write');
  const parsed = RemoveSecret.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { name } = parsed.data;
  return change(actor, { action: 'secret.remove', name }, async (tx, sql) => {
    const locked = evenIfLocked ? null : await refuseLocked(sql);
    if (locked) return locked;
    const { count } = await tx.secret.deleteMany({ where: { name } });
    return count > 0 ? done(null) : noSuch(name);
  });
}

async function jobsThatLose(sql: Sql, name: string, limits: SecretLimits): Promise<string[]> {
  const users = await readUsers(sql, name);
  return users.filter((job) => !mayUse(limits, job)).map(({ key }) => key);
}

const LOSE_IT = (keys: readonly string[]) => {
  const named = keys.slice(0, 5).join(', ');
  const more = keys.length > 5 ? ` and ${keys.length - 5} more` : '';
  const [use, their] = keys.length === 1 ? ['uses', 'its'] : ['use', 'their'];
  return `${named}${more} ${use} it and couldn’t any more: ${their} runs would fail.`;
};

function sealed(name: string, value: string) {
  const { keyId, sealed: bytes } = seal(ownKeys(), name, value);
  return { keyId, sealed: Uint8Array.from(bytes) };
}

type Change = { action: string; name: string; after?: SecretLimits };

/** The trail says that it changed, never to what. */
async function change(
  actor: Actor,
  { action, name, after }: Change,
  work: (tx: Tx, sql: Sql) => Promise<Outcome<null>>,
): Promise<Outcome<null>> {
  return inTransaction(async (tx, sql) => {
    const before = await tx.secret.findUnique({
      where: { name },
      select: { jobs: true, labels: true },
    });
    const outcome = await work(tx, sql);
    if (!outcome.ok) return outcome;
    await audit(tx, actor, {
      action,
      subject: `secret:${name}`,
      ...(before && { before: { jobs: before.jobs, labels: before.labels } }),
      ...(after && { after }),
    });
    await announce(sql, 'installation');
    // Runs that wait for it may start now.
    await signalWorkers(sql, 'look');
    return outcome;
  });
}

const noSuch = (name: string) =>
  refuse('not_found', `There is no secret ${name}. Perhaps somebody deleted it.`);
