import { type Actor, type Labelled, may } from '../auth/permissions.ts';
import type { JobDefinition } from './definition.ts';
import { type Parameter, Parameters } from './parameters.ts';
import type { FieldProblem } from './secret-uses.ts';

/** What stands in place of a sensitive value for those who may not see it. Given back, it means "as it was". */
export const HIDDEN = '•••' as const;

type Values = Record<string, unknown>;

/**
 * A definition as the actor may see it: defaults of sensitive parameters are hidden from those who may not.
 * @param job with the labels that it carries now, whatever this definition says
 */
export function hideDefaults<Definition extends JobDefinition | null>(
  actor: Actor,
  job: Labelled,
  definition: Definition,
): Definition {
  if (definition === null || may(actor, 'job:read_parameters', job)) return definition;
  const parameters = definition.parameters.map((parameter) =>
    parameter.isSensitive && parameter.default !== null
      ? { ...parameter, default: HIDDEN }
      : parameter,
  );
  return { ...definition, parameters };
}

/**
 * The values of a run as the actor may see them.
 * @param job with the labels that it carries now
 * @param sensitive names of those that were when the values were given; null, where nobody knows: then all are hidden
 */
export function hideValues<Given extends Values | null>(
  actor: Actor,
  job: Labelled,
  sensitive: readonly string[] | null,
  values: Given,
): Given {
  if (values === null || may(actor, 'job:read_parameters', job)) return values;
  return withHidden(values, sensitive) as Given;
}

/** Values as the audit trail keeps them: it is read by others than the job's own people. */
export function auditedValues<Value>(
  parameters: readonly Parameter[],
  values: Readonly<Record<string, Value>>,
): Record<string, Value | typeof HIDDEN> {
  return withHidden(values, sensitiveNames(parameters));
}

/** Values with those of these names hidden; all of them, where nobody knows which. */
export function withHidden<Value>(
  values: Readonly<Record<string, Value>>,
  names: readonly string[] | null,
): Record<string, Value | typeof HIDDEN> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      names === null || names.includes(name) ? HIDDEN : value,
    ]),
  );
}

export const sensitiveNames = (parameters: readonly Parameter[]): string[] =>
  parameters.filter(({ isSensitive }) => isSensitive).map(({ name }) => name);

/** The names of what a stored definition says is sensitive; null, where this version can't read its parameters. */
export function sensitiveIn(definition: unknown): string[] | null {
  const { parameters } = (definition ?? { parameters: null }) as { parameters?: unknown };
  const read = Parameters.safeParse(parameters);
  return read.success ? sensitiveNames(read.data) : null;
}

/** Values that were given when the parameters with these names were sensitive; null: nobody knows which. */
export type EarlierValues = {
  values: Readonly<Values> | null;
  sensitive: readonly string[] | null;
};

/**
 * Those of earlier values that would come into the open where they were given again: their parameters were sensitive then
 * and aren't any more. An edit of that kind is about what comes after it.
 */
export function laidBareBy(
  parameters: readonly Parameter[],
  { values, sensitive }: EarlierValues,
): string[] {
  const open = new Set(parameters.filter((one) => !one.isSensitive).map(({ name }) => name));
  return Object.keys(values ?? {}).filter(
    (name) => open.has(name) && (sensitive === null || sensitive.includes(name)),
  );
}

/**
 * What was hidden from the one who saves, as it was before. A parameter that is sensitive no more isn't given back: who
 * may not see its value would be shown it.
 */
export function restoreDefaults(
  definition: JobDefinition,
  before: JobDefinition | null,
): { definition: JobDefinition; problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const kept = new Map(
    (before?.parameters ?? [])
      .filter(({ isSensitive }) => isSensitive)
      .map((parameter) => [parameter.name, parameter.default]),
  );
  const parameters = definition.parameters.map((parameter, index) => {
    if (parameter.default !== HIDDEN) return parameter;
    const value = parameter.isSensitive ? kept.get(parameter.name) : undefined;
    if (value !== undefined && value !== null) return { ...parameter, default: value };
    problems.push({
      path: ['parameters', index, 'default'],
      message: `${HIDDEN} stands for a value that isn’t shown: give ${parameter.name} a value anew.`,
    });
    return parameter;
  });
  return { definition: { ...definition, parameters }, problems };
}

/**
 * What a trigger gave, with what was hidden from it as it was: in the run that is tried again, else the default, which is
 * then left to be filled in.
 */
export function restoreGiven(
  parameters: readonly Parameter[],
  given: Readonly<Values>,
  earlier: Readonly<Values> | null,
): Values {
  const sensitive = sensitiveNames(parameters);
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      if (value !== HIDDEN || !sensitive.includes(name)) return [[name, value]];
      return earlier && Object.hasOwn(earlier, name) ? [[name, earlier[name]]] : [];
    }),
  );
}
