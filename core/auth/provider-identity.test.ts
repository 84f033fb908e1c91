import { describe, expect, test } from 'vitest';
import { groupsIn, identityOf } from './provider-identity.ts';

const at = { issuer: 'https://id.example.org', groupsClaim: 'groups' };

describe('whom the provider has named', () => {
  test('is told by issuer and subject, however name and address change', () => {
    expect(
      identityOf(
        {
          sub: '42',
          email: ' Ada@Example.org',
          email_verified: true,
          name: 'Ada',
          groups: ['ops'],
        },
        at,
      ),
    ).toEqual({
      key: 'https://id.example.org 42',
      email: 'ada@example.org',
      isEmailVerified: true,
      name: 'Ada',
      groups: ['ops'],
    });
  });

  test.each([undefined, false, 'false', 1, 'yes', null])(
    'an address counts only as verified when it says so, not %j',
    (email_verified) => {
      expect(identityOf({ sub: '42', email: 'a@example.org', email_verified }, at)).toMatchObject({
        email: 'a@example.org',
        isEmailVerified: false,
      });
    },
  );

  test('what isn’t an address or a name is none', () => {
    expect(
      identityOf({ sub: '42', email: 'no address', name: 'a\nb', preferred_username: 'ada' }, at),
    ).toMatchObject({
      email: null,
      name: 'ada',
    });
    expect(identityOf({ sub: '42', email: 7, name: {} }, at)).toMatchObject({
      email: null,
      name: 'Somebody',
    });
    expect(() => identityOf({ sub: '' }, at)).toThrow(/sub/);
    expect(() => identityOf({}, at)).toThrow(/sub/);
  });

  test('groups stand in a list, alone, or inside of something', () => {
    expect(groupsIn({ groups: 'ops' }, 'groups')).toEqual(['ops']);
    expect(groupsIn({ groups: ['ops', 7, null] }, 'groups')).toEqual(['ops']);
    expect(groupsIn({ realm_access: { roles: ['a'] } }, 'realm_access.roles')).toEqual(['a']);
    expect(groupsIn({ 'https://x.example/groups': ['a'] }, 'https://x.example/groups')).toEqual([
      'a',
    ]);
    expect(groupsIn({ groups: { a: true } }, 'groups')).toEqual([]);
    expect(groupsIn({}, 'constructor.name')).toEqual([]);
  });
});
