import { describe, expect, test } from 'vitest';
import { takesTwoPersons } from './two-person-rule.ts';

const job = (labels: Record<string, string>) => ({ labels });

describe('an edit takes two persons', () => {
  const rule = [
    { name: 'team', value: 'billing' },
    { name: 'critical', value: null },
  ];
  test.each([
    ['by name and value', [job({ team: 'billing' })], true],
    ['by name, whatever the value', [job({ critical: '' })], true],
    ['when either side carries the label', [job({ team: 'billing' }), job({})], true],
    ['when the new side carries it', [job({}), job({ critical: 'yes' })], true],
    ['not for another value', [job({ team: 'ops' })], false],
    ['not for what every object has', [job({})], false],
  ])('%s', (_name, sides, expected) => {
    expect(takesTwoPersons(rule, sides)).toBe(expected);
  });

  test('names of every object’s properties are labels like others', () => {
    expect(takesTwoPersons([{ name: 'constructor', value: null }], [job({})])).toBe(false);
  });
});
