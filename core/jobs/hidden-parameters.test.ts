import { describe, expect, it } from 'vitest';
import { usualGrant } from '../auth/usual-grant.ts';
import type { Actor } from '../auth/permissions.ts';
import { JobDefinition } from './definition.ts';
import {
  auditedValues,
  hideDefaults,
  hideValues,
  laidBareBy,
  restoreDefaults,
  restoreGiven,
  sensitiveIn,
} from './hidden-parameters.ts';

const definition = (parameters: object[], more: object = {}) =>
  JobDefinition.parse({
    key: 'a-job',
    work: { kind: 'script', text: 'true' },
    schedule: { type: 'manual' },
    mayRunTwice: true,
    labels: { team: 'billing' },
    parameters,
    ...more,
  });

const pin = (value: string | null, isSensitive = true) => ({
  name: 'pin',
  type: 'text',
  default: value,
  isSensitive,
});
const job = definition([pin('1234567'), { name: 'table', type: 'text', default: 'orders' }]);

const person = (extra: 'job:read_parameters'[], label = true): Actor => ({
  kind: 'user',
  id: 'p',
  name: 'P',
  email: 'p@example.org',
  address: null,
  grants: [{ ...usualGrant('editor', label ? { name: 'team', value: 'billing' } : null), extra }],
});

describe('who may not see sensitive parameters', () => {
  it('sees marks in the place of their values, and all others', () => {
    expect(hideDefaults(person([]), job, job).parameters.map((one) => one.default)).toEqual([
      '•••',
      'orders',
    ]);
    expect(hideValues(person([]), job, ['pin'], { pin: '7654321', table: 'x' })).toEqual({
      pin: '•••',
      table: 'x',
    });
    expect(hideValues(person([]), job, null, { pin: '7654321' })).toEqual({ pin: '•••' });
    expect(hideValues(person([]), job, ['pin'], null)).toBeNull();
  });

  it('who may, for the job’s label or for everything, sees them', () => {
    for (const actor of [person(['job:read_parameters']), person(['job:read_parameters'], false)]) {
      expect(hideDefaults(actor, job, job)).toEqual(job);
      expect(hideValues(actor, job, ['pin'], { pin: '7654321' })).toEqual({ pin: '7654321' });
    }
    const other = { labels: { team: 'else' } };
    const actor = person(['job:read_parameters']);
    // The label that counts is the one that the job carries now, not what this revision says.
    expect(hideDefaults(actor, other, job).parameters[0]!.default).toBe('•••');
    expect(hideValues(actor, other, ['pin'], { pin: '7654321' })).toEqual({ pin: '•••' });
  });

  it('what was sensitive comes into the open by no later edit', () => {
    const { parameters } = definition([pin(null, false), { name: 'table', type: 'text' }]);
    const values = { pin: '7654321', table: 'x', gone: 'y' };
    expect(laidBareBy(parameters, { values, sensitive: ['pin', 'gone'] })).toEqual(['pin']);
    expect(laidBareBy(parameters, { values, sensitive: [] })).toEqual([]);
    expect(laidBareBy(parameters, { values, sensitive: null })).toEqual(['pin', 'table']);
    expect(laidBareBy(job.parameters, { values, sensitive: ['pin'] })).toEqual([]);
    expect(sensitiveIn(job)).toEqual(['pin']);
    expect(sensitiveIn({ parameters: [{ name: 'pin' }] })).toBeNull();
    expect(sensitiveIn(null)).toBeNull();
  });

  it('saves them as they were, and not where that would show them', () => {
    const saved = (after: object[], before: JobDefinition | null = job) =>
      restoreDefaults(definition(after), before);
    expect(saved([pin('•••')])).toMatchObject({
      definition: { parameters: [{ default: '1234567' }] },
      problems: [],
    });
    expect(saved([pin('new-value')]).definition.parameters[0]!.default).toBe('new-value');
    for (const [after, before] of [
      [[pin('•••', false)], job],
      [[{ ...pin('•••'), name: 'other' }], job],
      [[pin('•••')], null],
    ] as const) {
      expect(saved([...after], before).problems).toMatchObject([
        { path: ['parameters', 0, 'default'] },
      ]);
    }
  });

  it('triggers with what was hidden as it was', () => {
    const { parameters } = job;
    expect(restoreGiven(parameters, { pin: '•••', table: '•••' }, null)).toEqual({ table: '•••' });
    expect(restoreGiven(parameters, { pin: '•••' }, { pin: '7654321' })).toEqual({
      pin: '7654321',
    });
    expect(auditedValues(parameters, { pin: '7654321', table: 'x' })).toEqual({
      pin: '•••',
      table: 'x',
    });
  });
});
