import { describe, expect, it } from 'vitest';
import { areOwnParameters, followParameters, isSameValues } from './followed-parameters.ts';
import { Parameters } from './parameters.ts';

const parameters = (...given: { name: string; default?: string | number | boolean | null }[]) =>
  Parameters.parse(
    given.map((parameter) => ({
      ...parameter,
      type: typeof parameter.default === 'number' ? 'number' : 'text',
    })),
  );

describe('the parameters of a run that goes on while its job is edited', () => {
  const before = parameters(
    { name: 'rate', default: 10 },
    { name: 'region', default: 'eu' },
    { name: 'who' },
  );

  it('follow the defaults, and keep what somebody gave', () => {
    const after = parameters(
      { name: 'rate', default: 20 },
      { name: 'region', default: 'us' },
      { name: 'who' },
      { name: 'extra', default: 'x' },
    );
    expect(followParameters(before, { rate: 10, region: 'ap', who: 'me' }, after)).toEqual({
      ok: true,
      values: { rate: 20, region: 'ap', who: 'me', extra: 'x' },
    });
  });

  it('lose what the job has no more', () => {
    const after = parameters({ name: 'rate', default: 10 });
    expect(followParameters(before, { rate: 7, region: 'ap', who: 'me' }, after)).toEqual({
      ok: true,
      values: { rate: 7 },
    });
  });

  it('say what doesn’t fit any more', () => {
    const after = parameters({ name: 'rate', default: 'fast' }, { name: 'other' });
    expect(followParameters(before, { rate: 7, region: 'eu', who: 'me' }, after)).toMatchObject({
      ok: false,
      problems: [{ name: 'rate' }, { name: 'other' }],
    });
  });

  it('are the job’s own while no default was changed', () => {
    expect(areOwnParameters(before, { rate: 10, region: 'eu', who: 'me' })).toBe(true);
    expect(areOwnParameters(before, { rate: 11, region: 'eu', who: 'me' })).toBe(false);
    expect(areOwnParameters([], {})).toBe(true);
  });

  it('are the same only value by value', () => {
    expect(isSameValues({ a: 1 }, { a: 1 })).toBe(true);
    expect(isSameValues({ a: 1 }, { a: '1' })).toBe(false);
    expect(isSameValues({ a: 1 }, { b: 1 })).toBe(false);
    expect(isSameValues({}, { b: 1 })).toBe(false);
  });
});
