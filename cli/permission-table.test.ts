import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Grant } from '#core/auth/grants.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';
import { EXTRA_PERMISSIONS, type Role, ROLES } from '#core/auth/permission-table.ts';
import { type Actor, may } from '#core/auth/permissions.ts';
import { permissionLines, permissionTable } from './permission-table.ts';

const job = { labels: { team: 'billing' } };
const actorWith = (grant: Grant): Actor => ({
  kind: 'user',
  id: 'somebody',
  name: 'Somebody',
  email: 'somebody@example.org',
  grants: [grant],
  address: null,
});
const bare = (role: Role, label: Grant['label'] = null): Grant => ({ role, label, extra: [] });

/** All that can be given with the role. */
const full = (role: Role, label: Grant['label'] = null): Grant => ({
  ...usualGrant(role, label),
  extra: EXTRA_PERMISSIONS.filter(
    (name) => Grant.safeParse({ ...bare(role), extra: [name] }).success,
  ),
});

test('what is printed is what may and may not', () => {
  const label = { name: 'team', value: 'billing' };
  for (const { permission, by, roles } of permissionTable().permissions) {
    for (const role of ROLES) {
      expect({ permission, role, holds: roles[role] }).toEqual({
        permission,
        role,
        holds: may(actorWith(bare(role)), permission)
          ? 'yes'
          : may(actorWith(full(role)), permission)
            ? 'given'
            : 'no',
      });
      if (role === 'admin') continue;
      const mayByLabel = may(actorWith(full(role, label)), permission, job);
      expect({ permission, role, mayByLabel }).toEqual({
        permission,
        role,
        mayByLabel: roles[role] !== 'no' && by !== 'installation',
      });
    }
  }
});

test('every role is a column and every permission a line', () => {
  const [head, ...lines] = permissionLines();
  for (const role of ROLES) expect(head).toContain(role);
  for (const { permission } of permissionTable().permissions) {
    expect(lines.filter((line) => line.startsWith(`${permission} `))).toHaveLength(1);
  }
});

test('docs/permissions.md has the same table', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../docs/permissions.md'), 'utf8');
  const written = [...page.matchAll(/^\| `([a-z]+:[a-z_]+)` +\|(.*)\|$/gm)].map(
    ([, name, cells]) => [name, ...cells!.split('|').map((cell) => cell.trim())],
  );
  const shown = { yes: 'yes', given: 'given', no: '' };
  const by = { label: 'a label of the job, or all', installation: 'all', any: 'anything' };
  expect(written).toEqual(
    permissionTable().permissions.map((row) => [
      row.permission,
      ...ROLES.map((role) => shown[row.roles[role]]),
      by[row.by],
    ]),
  );
});
