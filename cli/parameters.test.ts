import { expect, test } from 'vitest';
import { Parameters } from '#core/jobs/parameters.ts';
import { givenParameters } from './parameters.ts';

const known = Parameters.parse([
  { name: 'region', type: 'choice', choices: ['eu', 'us'] },
  { name: 'limit', type: 'number' },
  { name: 'dryRun', type: 'boolean' },
  { name: 'query', type: 'text' },
]);

test('values are read as their parameters’ types', () => {
  const given = ['region=eu', 'limit=1e3', 'dryRun=yes', 'query=a=b c', 'dryRun=No'];
  expect(givenParameters(given, known)).toEqual({
    region: 'eu',
    limit: 1_000,
    dryRun: false,
    query: 'a=b c',
  });
});

test('what isn’t of the type stays text, for the use-case to refuse', () => {
  expect(givenParameters(['limit=many', 'dryRun=perhaps', 'query='], known)).toEqual({
    limit: 'many',
    dryRun: 'perhaps',
    query: '',
  });
});

test('what isn’t name=value, or names no parameter, is refused with what there is', () => {
  expect(() => givenParameters(['region'], known)).toThrow('Write --param name=value');
  expect(() => givenParameters(['=eu'], known)).toThrow('Write --param name=value');
  expect(() => givenParameters(['regoin=eu'], known)).toThrow(
    'This job has no parameter regoin. It has region, limit, dryRun, query.',
  );
  expect(() => givenParameters(['toString=1'], [])).toThrow('It has none.');
});
