import { describe, expect, test } from 'vitest';
import { usualGrant } from './usual-grant.ts';
import { grantsOfGroups, readGroupGrants } from './provider-grants.ts';

function read(text: string) {
  const outcome = readGroupGrants(text);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.grants;
}

describe('groups and what they give', () => {
  test('are read from one readable line', () => {
    const billing = { name: 'team', value: 'billing' };
    expect(
      read(
        'admins=admin, night ops = operator,billing-ops=editor+job:write_host@team=billing,"cn=eyes,dc=example"=viewer,*=viewer@team=',
      ),
    ).toEqual([
      { group: 'admins', grant: usualGrant('admin') },
      { group: 'night ops', grant: usualGrant('operator') },
      {
        group: 'billing-ops',
        grant: {
          ...usualGrant('editor', billing),
          extra: [...usualGrant('editor').extra, 'job:write_host'],
        },
      },
      { group: 'cn=eyes,dc=example', grant: usualGrant('viewer') },
      { group: '*', grant: usualGrant('viewer', { name: 'team', value: '' }) },
    ]);
    expect(read('')).toEqual([]);
    expect(read('a=viewer,')).toHaveLength(1);
  });

  test.each([
    ['admins', /isn’t of the form/],
    ['=admin', /isn’t of the form|names no group/],
    ['" "=admin', /names no group/],
    ['admins=root', /root is no role/],
    ['ops=operator+job:delete', /job:delete isn’t given one by one/],
    ['ops=viewer+job:write_host', /can’t be given/],
    ['ops=admin@team=billing', /An admin is one for everything/],
    ['ops=operator@te am=x', /A label is made of/],
    ['"ops=admin', /isn’t of the form/],
    ['ops=operator@', /isn’t of the form/],
  ])('%s is refused', (text, message) => {
    expect(readGroupGrants(text)).toEqual({ ok: false, message: expect.stringMatching(message) });
  });

  test('add up: the highest role of each place, and all that was given with it', () => {
    const mapping = read(
      'a=viewer,b=operator+job:write_when,c=operator@team=x,d=editor,boss=admin',
    );
    expect(grantsOfGroups(mapping, ['a', 'b'])).toEqual([
      {
        role: 'operator',
        label: null,
        extra: ['log:read', 'job:read_parameters', 'job:write_when'],
      },
    ]);
    expect(
      grantsOfGroups(mapping, ['d', 'c']).map(({ role, label }) => [role, label?.value]),
    ).toEqual([
      ['operator', 'x'],
      ['editor', undefined],
    ]);
    expect(grantsOfGroups(mapping, ['boss', 'b'])).toEqual([usualGrant('admin')]);
    expect(grantsOfGroups(mapping, ['A', 'admins', ''])).toEqual([]);
    expect(grantsOfGroups(read('*=viewer'), [])).toEqual([usualGrant('viewer')]);
  });
});
