import type { Grant } from './grants.ts';
import type { ExtraPermission, Role } from './permission-table.ts';

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
