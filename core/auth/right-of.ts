import { type Actor, mayForSome, scopeOf } from './permissions.ts';
import type { Permission } from './permission-table.ts';
import type { Right } from './right.ts';

/** What pages are told of a permission that is about one job. */
export function rightOf(actor: Actor, permission: Permission): Right {
  if (!mayForSome(actor, permission)) return false;
  const scope = scopeOf(actor, permission);
  return scope === null || scope.flatMap((labels) => Object.entries(labels));
}
