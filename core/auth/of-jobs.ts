import { type Actor, itTakes, type Labelled, may, NotAllowed, whoMay } from './permissions.ts';
import type { Permission } from './permission-table.ts';

/** A job that the transaction holds, so that the labels that decide stay its labels until the end. */
export type HeldJob = Labelled & { key: string };

/**
 * Of jobs that the transaction holds, those that the actor may know of: any other counts as unknown, like one that isn't
 * there.
 */
export function knownTo<Job extends Labelled>(actor: Actor, jobs: readonly Job[]): Job[] {
  return jobs.filter((job) => may(actor, 'job:read', job));
}

/**
 * Asks for each of several held jobs, before any of them is changed: one for which it isn't allowed refuses the whole.
 * @throws NotAllowed, which names those that the actor may know of
 */
export function authorizeAll(actor: Actor, permission: Permission, jobs: readonly HeldJob[]): void {
  const others = jobs.filter((job) => !may(actor, permission, job));
  if (others.length > 0) throw new NotAllowed(permission, actor, { message: sentence() });

  function sentence(): string {
    if (jobs.length === 1) return whoMay(permission);
    const named = knownTo(actor, others).map(({ key }) => key);
    const allowed = jobs.length - others.length;
    return `You may do this for ${allowed} of these ${jobs.length} jobs, not for ${listed(named, others.length)}, so nothing was changed. ${itTakes(permission)}`;
  }
}

const MOST_NAMED = 5;

function listed(keys: readonly string[], all: number): string {
  const named = keys.slice(0, MOST_NAMED);
  const hidden = all - keys.length;
  const more = keys.length - named.length;
  return new Intl.ListFormat('en', { type: 'conjunction' }).format([
    ...named,
    ...(more > 0 ? [`${more} more`] : []),
    ...(hidden > 0 ? [`${hidden} that you don’t see`] : []),
  ]);
}
