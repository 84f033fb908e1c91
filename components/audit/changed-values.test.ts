import { describe, expect, test } from 'vitest';
import { changedValues, isInstant, readableName, textOf } from './changed-values.ts';

describe('what an entry says was before and after', () => {
  test('is told field by field', () => {
    expect(changedValues({ slots: 3, name: 'a' }, { slots: 9, name: 'a', more: null })).toEqual([
      { name: 'slots', before: 3, after: 9, isSame: false },
      { name: 'name', before: 'a', after: 'a', isSame: true },
      { name: 'more', before: undefined, after: null, isSame: false },
    ]);
  });

  test('may be on one side only, or no object at all', () => {
    expect(changedValues(null, { until: 'x' })).toEqual([
      { name: 'until', before: undefined, after: 'x', isSame: false },
    ]);
    expect(changedValues({ state: 'queued' }, null)).toMatchObject([{ before: 'queued' }]);
    expect(changedValues(7, [1])).toEqual([{ name: '', before: 7, after: [1], isSame: false }]);
    expect(changedValues(null, null)).toEqual([]);
  });

  test('reads as words', () => {
    expect(['maxRunning', 'two_persons', 'cancelRunning', 'email'].map(readableName)).toEqual([
      'max running',
      'two persons',
      'cancel running',
      'email',
    ]);
    expect(textOf([{ role: 'viewer', label: null }])).toBe('[{"role":"viewer","label":null}]');
    expect(textOf(['work', 'notes'])).toBe('work, notes');
    expect(textOf(Array.from({ length: 30 }, (_, n) => n * 100)).split('\n').length).toBe(32);
    expect([isInstant('2026-11-21T10:00:00.000Z'), isInstant('yesterday'), isInstant(7)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
