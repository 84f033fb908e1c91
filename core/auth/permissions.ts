import type { Grant } from './grants.ts';
import { type Permission, type Role, ROLES, ruleOf } from './permission-table.ts';

/** Who acts: a signed-in user, or Punctual itself (the first start, a worker). */
export type Actor =
  | {
      kind: 'user';
      id: string;
      name: string;
      email: string;
      grants: readonly Grant[];
      address: string | null;
    }
  | { kind: 'system'; name: string };

/** The labels of the job that it is about. */
export type Labelled = { labels: Readonly<Record<string, string>> };

/** @param job whose grants by label count too; without it only those for the whole installation do */
export function may(actor: Actor, permission: Permission, job?: Labelled): boolean {
  return (
    actor.kind === 'system' ||
    actor.grants.some((grant) => gives(grant, permission) && covers(grant, permission, job))
  );
}

/** Whether some job could be there for which one may; what a list shows is then a matter of `scopeOf`. */
export function mayForSome(actor: Actor, permission: Permission): boolean {
  if (actor.kind === 'system') return true;
  const isOfJobs = ruleOf(permission).on === 'job';
  return actor.grants.some(
    (grant) => gives(grant, permission) && (isOfJobs || covers(grant, permission)),
  );
}

/**
 * Of which jobs a list may tell: of all (null), or of those that carry all labels of one of these. For statements,
 * see `inScope`.
 */
export type Scope = readonly Readonly<Record<string, string>>[] | null;

/** @throws NotAllowed where no grant gives the permission for any job */
export function scopeOf(actor: Actor, permission: Permission): Scope {
  if (may(actor, permission)) return null;
  if (actor.kind === 'system' || !mayForSome(actor, permission))
    throw new NotAllowed(permission, actor);
  return actor.grants.flatMap((grant) =>
    grant.label && gives(grant, permission) ? [{ [grant.label.name]: grant.label.value }] : [],
  );
}

/** @throws NotAllowed, which the boundary (action, route, page) turns into its answer. */
export function authorize(actor: Actor, permission: Permission, job?: Labelled): void {
  if (!may(actor, permission, job)) throw new NotAllowed(permission, actor);
}

/** @throws NotAllowed where no grant gives it at all: the first line of what learns only later which job it is about */
export function authorizeForSome(actor: Actor, permission: Permission): void {
  if (!mayForSome(actor, permission)) throw new NotAllowed(permission, actor);
}

export class NotAllowed extends Error {
  override name = 'NotAllowed';
  readonly permission: Permission;
  readonly actor: Actor;
  /** Where in the input it lies, in the words of its schema. */
  readonly fields: Told['fields'];
  constructor(permission: Permission, actor: Actor, { message, fields }: Told = {}) {
    super(message ?? whoMay(permission));
    this.permission = permission;
    this.actor = actor;
    this.fields = fields;
  }
}

type Told = {
  message?: string;
  fields?: { path: (string | number)[]; message: string }[] | undefined;
};

function gives(grant: Grant, permission: Permission): boolean {
  const { from, isExtra } = ruleOf(permission);
  if (grant.role === 'admin') return true;
  return (
    ROLES.indexOf(grant.role) >= ROLES.indexOf(from) &&
    (!isExtra || (grant.extra as readonly Permission[]).includes(permission))
  );
}

function covers({ label }: Grant, permission: Permission, job?: Labelled): boolean {
  const { on } = ruleOf(permission);
  if (label === null || on === 'shared') return true;
  return (
    on === 'job' &&
    job !== undefined &&
    Object.hasOwn(job.labels, label.name) &&
    job.labels[label.name] === label.value
  );
}

/** The sentence of a refusal: who may do it, and whom to ask. */
export function whoMay(permission: Permission): string {
  return `Your role doesn’t allow this. ${itTakes(permission)}`;
}

/** Who may do it. */
export function itTakes(permission: Permission): string {
  const { on, from, isExtra } = ruleOf(permission);
  if (from === 'admin') return 'It takes an admin.';
  const where = on === 'job' ? ' for this job or for everything' : ' for everything';
  const how = isExtra ? `, with “${permission}” given` : ' or a higher role';
  return `It takes ${A[from]}’s role${where}${how}. An admin can do it, or give it to you.`;
}

const A: Readonly<Record<Role, string>> = {
  viewer: 'a viewer',
  operator: 'an operator',
  editor: 'an editor',
  admin: 'an admin',
};
