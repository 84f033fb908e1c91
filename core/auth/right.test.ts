import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Grant } from './grants.ts';
import { type Actor, may } from './permissions.ts';
import { PERMISSIONS, type Permission, ROLES, ruleOf } from './permission-table.ts';
import { rightOf } from './right-of.ts';
import { either, holds, holdsForSome } from './right.ts';

const OF_JOBS = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (permission) => ruleOf(permission).on === 'job',
);

const name = fc.constantFrom('team', 'env', '__proto__', 'toString');
const value = fc.constantFrom('billing', 'prod', '');
const label = fc.record({ name, value });
const extra = fc.subarray(['log:read', 'job:read_parameters', 'job:write_when'] as const);
const grant = fc
  .record({ role: fc.constantFrom(...ROLES), label: fc.option(label), extra })
  .filter((given) => Grant.safeParse(given).success)
  .map((given) => Grant.parse(given));
const actor = fc.array(grant, { maxLength: 4 }).map((grants): Actor => ({
  kind: 'user',
  id: 'somebody',
  name: 'Somebody',
  email: 'somebody@example.org',
  grants,
  address: null,
}));
const labels = fc
  .uniqueArray(label, { maxLength: 3, selector: (one) => one.name })
  .map((all) => Object.fromEntries(all.map((one) => [one.name, one.value])));

test('what a page is told of a right is what the use-case will say', () => {
  fc.assert(
    fc.property(actor, fc.constantFrom(...OF_JOBS), labels, (somebody, permission, carried) => {
      const job = { labels: carried };
      expect(holds(rightOf(somebody, permission), carried)).toBe(may(somebody, permission, job));
    }),
  );
});

test('either of two rights holds where one of them does', () => {
  const permission = fc.constantFrom(...OF_JOBS);
  fc.assert(
    fc.property(actor, permission, permission, labels, (somebody, a, b, carried) => {
      const [one, other] = [rightOf(somebody, a), rightOf(somebody, b)];
      expect(holds(either(one, other), carried)).toBe(holds(one, carried) || holds(other, carried));
      expect(holdsForSome(either(one, other))).toBe(holdsForSome(one) || holdsForSome(other));
    }),
  );
});
