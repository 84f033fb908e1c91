import {
  type Parameter,
  type ParameterProblem,
  type ParameterValues,
  resolveParameters,
} from './parameters.ts';

/**
 * What a run that goes by these values has to go by once the job's parameters were edited: a value that was the default
 * follows the default, one that somebody gave stays, and what isn't a parameter any more is left out.
 */
export function followParameters(
  before: readonly Parameter[],
  values: ParameterValues,
  after: readonly Parameter[],
): { ok: true; values: ParameterValues } | { ok: false; problems: ParameterProblem[] } {
  const defaults = new Map(before.map((parameter) => [parameter.name, parameter.default]));
  const known = new Set(after.map(({ name }) => name));
  const given = Object.entries(values).filter(
    ([name, value]) => known.has(name) && defaults.get(name) !== value,
  );
  return resolveParameters(after, Object.fromEntries(given));
}

/** Whether a run goes by the job's own parameters: every default is as it stands. What has none is the run's to give. */
export function areOwnParameters(
  parameters: readonly Parameter[],
  values: ParameterValues,
): boolean {
  return parameters.every(
    (parameter) => parameter.default === null || values[parameter.name] === parameter.default,
  );
}

export function isSameValues(one: ParameterValues, other: ParameterValues): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && one[name] === other[name])
  );
}
