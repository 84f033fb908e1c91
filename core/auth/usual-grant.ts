import type { Grant } from './grants.ts';
import { type Permission, PERMISSIONS, type Role, ROLES, ruleOf } from './permissions.ts';

export type ExtraPermission = {
  [Name in Permission]: (typeof PERMISSIONS)[Name] extends { isExtra: true } ? Name : never;
}[Permission];

/** The permissions that a grant names one by one. */
export const EXTRA_PERMISSIONS = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (name): name is ExtraPermission => ruleOf(name).isExtra === true,
);

/** Whether the role is high enough for an extra permission; an admin has them all without. */
export function mayHold(role: Role, extra: ExtraPermission): boolean {
  return role !== 'admin' && ROLES.indexOf(role) >= ROLES.indexOf(ruleOf(extra).from);
}

// Commands and scripts run on the hosts with the worker's rights: nobody gets that by the way.
const USUAL: Readonly<Record<Role, readonly ExtraPermission[]>> = {
  viewer: ['log:read', 'job:read_parameters'],
  operator: ['log:read', 'job:read_parameters'],
  editor: ['log:read', 'job:read_parameters', 'job:write_when'],
  admin: [],
};

/** A role as it is given where nobody says more. */
export function usualGrant(role: Role, label: Grant['label'] = null): Grant {
  return { role, label, extra: [...USUAL[role]] };
}

export function isAdmin(grants: readonly Grant[]): boolean {
  return grants.some(({ role }) => role === 'admin');
}
