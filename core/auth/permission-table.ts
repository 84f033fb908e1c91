/** Least first: each may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

type Rule = {
  /**
   * What it is about: one `job`, so that a grant for one of the job's labels suffices; the `installation`, which takes
   * a grant for all of it; or what everybody `shares`, whatever their grants are for.
   */
  on: 'job' | 'installation' | 'shared';
  /** The least role that has it. */
  from: Role;
  /** Given one by one with a grant, from that role on; an admin has it without. */
  isExtra?: true;
};

/** Who may do what: permissions.ts asks it. */
export const PERMISSIONS = {
  'job:read': { on: 'job', from: 'viewer' },
  'job:read_parameters': { on: 'job', from: 'viewer', isExtra: true },
  'job:trigger': { on: 'job', from: 'operator' },
  'job:pause': { on: 'job', from: 'operator' },
  'job:write': { on: 'job', from: 'editor' },
  /** When it fires. An operator who has it may move schedules and nothing else. */
  'job:write_when': { on: 'job', from: 'operator', isExtra: true },
  /** What is executed on the workers' hosts: commands and scripts. */
  'job:write_host': { on: 'job', from: 'editor', isExtra: true },
  'run:read': { on: 'job', from: 'viewer' },
  'run:cancel': { on: 'job', from: 'operator' },
  'run:retry': { on: 'job', from: 'operator' },
  'log:read': { on: 'job', from: 'viewer', isExtra: true },
  'queue:read': { on: 'shared', from: 'viewer' },
  'queue:write': { on: 'installation', from: 'admin' },
  'calendar:read': { on: 'shared', from: 'viewer' },
  'calendar:write': { on: 'installation', from: 'editor' },
  'blackout:read': { on: 'shared', from: 'viewer' },
  'blackout:write': { on: 'installation', from: 'editor' },
  'forecast:read': { on: 'installation', from: 'viewer' },
  'worker:read': { on: 'installation', from: 'viewer' },
  /** How Punctual itself is: lag, duties, the database. That something is wrong everybody is told. */
  'health:read': { on: 'installation', from: 'viewer' },
  'worker:drain': { on: 'installation', from: 'operator' },
  'installation:read': { on: 'shared', from: 'viewer' },
  'installation:pause': { on: 'installation', from: 'operator' },
  'installation:write': { on: 'installation', from: 'admin' },
  'installation:backup': { on: 'installation', from: 'admin' },
  /** Bringing months back from the archive, and dropping months without one. */
  'archive:write': { on: 'installation', from: 'admin' },
  /** Names of secrets and who uses them; nobody reads their values. */
  'secret:read': { on: 'shared', from: 'editor' },
  'secret:write': { on: 'installation', from: 'admin' },
  /** Names of channels for messages; nobody reads their addresses. */
  'channel:read': { on: 'shared', from: 'viewer' },
  'channel:write': { on: 'installation', from: 'admin' },
  'user:read': { on: 'installation', from: 'admin' },
  'user:write': { on: 'installation', from: 'admin' },
  'audit:read': { on: 'installation', from: 'admin' },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof PERMISSIONS;

export const ruleOf = (permission: Permission): Rule => PERMISSIONS[permission];

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
