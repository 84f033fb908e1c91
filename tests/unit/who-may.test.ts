import { expect, test } from 'vitest';
import { PERMISSIONS, type Permission, ruleOf } from '#core/auth/permission-table.ts';
import whoMay from '../../messages/en/who-may.json' with { type: 'json' };

test('what a button says of who may press it is what decides', () => {
  for (const [permission, words] of Object.entries(whoMay)) {
    expect(Object.keys(PERMISSIONS)).toContain(permission);
    const { from, on, isExtra } = ruleOf(permission as Permission);
    const isRightAlone = isExtra === true && from !== 'editor';
    expect(words).toContain(isRightAlone ? 'the right to' : from);
    if (from === 'admin') continue;
    expect(words).toContain(
      on === 'job' ? 'for the job’s label or for everything' : 'for everything',
    );
  }
});
