/** Who may do what, as data. Use-cases call `authorize`; pages only ask `may` to show what one may press. */
export const ROLES = ['viewer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'job:read',
  'job:write',
  'job:trigger',
  'job:pause',
  'run:read',
  'run:cancel',
  'run:retry',
  'log:read',
  'queue:read',
  'queue:write',
  'calendar:read',
  'calendar:write',
  'blackout:read',
  'blackout:write',
  'worker:read',
  'worker:drain',
  'installation:read',
  'installation:pause',
  'installation:write',
  'installation:backup',
  'user:read',
  'user:write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const READS = PERMISSIONS.filter((permission) => permission.endsWith(':read'));

const GRANTED: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: READS.filter((permission) => permission !== 'user:read'),
  admin: PERMISSIONS,
};

/** Who acts: a signed-in user, or Punctual itself (the first start, a worker). */
export type Actor =
  | { kind: 'user'; id: string; name: string; email: string; role: Role; address: string | null }
  | { kind: 'system'; name: string };

export function may(actor: Actor, permission: Permission): boolean {
  return actor.kind === 'system' || GRANTED[actor.role].includes(permission);
}

export class NotAllowed extends Error {
  override name = 'NotAllowed';
  readonly permission: Permission;
  constructor(permission: Permission) {
    super('Your role doesn’t allow this. An admin can do it, or give you the role.');
    this.permission = permission;
  }
}

/** @throws NotAllowed, which the boundary (action, route, page) turns into its answer. */
export function authorize(actor: Actor, permission: Permission): void {
  if (!may(actor, permission)) throw new NotAllowed(permission);
}
