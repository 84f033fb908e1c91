import { type Actor, may } from '../auth/permissions.ts';
import type { JobDefinition } from './definition.ts';
import type { Parameter } from './parameters.ts';
import type { FieldProblem } from './secret-uses.ts';

/** What stands in place of a sensitive value for those who may not see it. Given back, it means "as it was". */
export const HIDDEN = '•••' as const;

type Values = Record<string, unknown>;

/** A definition as the actor may see it: defaults of sensitive parameters are hidden from those who may not. */
export function hideDefaults<Definition extends JobDefinition | null>(
  actor: Actor,
  definition: Definition,
): Definition {
  if (definition === null || may(actor, 'job:read_parameters', definition)) return definition;
  const parameters = definition.parameters.map((parameter) =>
    parameter.isSensitive && parameter.default !== null
      ? { ...parameter, default: HIDDEN }
      : parameter,
  );
  return { ...definition, parameters };
}

/**
 * The values of a run as the actor may see them.
 * @param definition of the revision that it ran; null, which nobody can read any more: then all are hidden
 */
export function hideValues<Given extends Values | null>(
  actor: Actor,
  definition: Pick<JobDefinition, 'parameters' | 'labels'> | null,
  values: Given,
): Given {
  if (values === null || may(actor, 'job:read_parameters', definition ?? undefined)) return values;
  return withHidden(values, definition && sensitiveNames(definition.parameters)) as Given;
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
