import {
  EXTRA_PERMISSIONS,
  mayHold,
  type Permission,
  PERMISSIONS,
  type Role,
  ROLES,
  ruleOf,
} from '#core/auth/permission-table.ts';

/** `given`: only where the grant names it. */
export type Holding = 'yes' | 'given' | 'no';

export type PermissionRow = {
  permission: Permission;
  /** What a grant must be for: a label of the job or everything, everything, or anything. */
  by: 'label' | 'installation' | 'any';
  roles: Record<Role, Holding>;
};

export type PermissionTable = { roles: readonly Role[]; permissions: PermissionRow[] };

export function permissionTable(): PermissionTable {
  return {
    roles: ROLES,
    permissions: (Object.keys(PERMISSIONS) as Permission[]).map((permission) => ({
      permission,
      by: BY[ruleOf(permission).on],
      roles: Object.fromEntries(
        ROLES.map((role) => [role, holding(role, permission)]),
      ) as PermissionRow['roles'],
    })),
  };
}

const BY = { job: 'label', installation: 'installation', shared: 'any' } as const;

function holding(role: Role, permission: Permission): Holding {
  const extra = EXTRA_PERMISSIONS.find((name) => name === permission);
  if (role !== 'admin' && extra) return mayHold(role, extra) ? 'given' : 'no';
  return ROLES.indexOf(role) >= ROLES.indexOf(ruleOf(permission).from) ? 'yes' : 'no';
}

const SHOWN: Readonly<Record<Holding, string>> = { yes: 'yes', given: 'given', no: '·' };

export function permissionLines(): string[] {
  const { roles, permissions } = permissionTable();
  const rows = [
    ['permission', ...roles, 'by a grant for'],
    ...permissions.map(({ permission, by, roles: held }) => [
      permission,
      ...roles.map((role) => SHOWN[held[role]]),
      GRANT_FOR[by],
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return [
    ...rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    ),
    '',
    'given: only where the grant names it. A grant for a label counts for the jobs that carry it.',
    'docs/permissions.md says what each is about.',
  ];
}

const GRANT_FOR: Readonly<Record<PermissionRow['by'], string>> = {
  label: 'a label of the job, or everything',
  installation: 'everything',
  any: 'a label, or everything',
};
