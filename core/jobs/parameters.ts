import { z } from 'zod';

export const PARAMETER_TYPES = ['text', 'number', 'boolean', 'choice'] as const;

const Parameter = z.object({
  /** Travels as PUNCTUAL_PARAM_<NAME>, upper-cased. */
  name: z
    .string()
    .regex(
      /^[a-zA-Z][a-zA-Z0-9_]{0,62}$/,
      'A parameter’s name begins with a letter and has only letters, digits and underscores, at most 63.',
    ),
  type: z.enum(PARAMETER_TYPES),
  description: z.string().max(500, 'Use at most 500 characters.').default(''),
  /** Null: the trigger must give a value, so a job with a schedule needs a default. */
  default: z
    .union([z.string().max(10_000), z.number(), z.boolean()])
    .nullable()
    .default(null),
  choices: z.array(z.string().min(1).max(200)).max(100).default([]),
  /** Its values are shown only to those who may see them, and cut out of logs. */
  isSensitive: z.boolean().default(false),
});
export type Parameter = z.output<typeof Parameter>;

/** The values that a run starts with, by parameter name. */
export type ParameterValues = Record<string, string | number | boolean>;

export const Parameters = z
  .array(Parameter)
  .max(50, 'A job has at most 50 parameters.')
  .default([])
  .superRefine((parameters, context) => {
    const seen = new Set<string>();
    parameters.forEach((parameter, index) => {
      const name = parameter.name.toUpperCase();
      if (seen.has(name)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `There is already a parameter called ${parameter.name}.`,
        });
      }
      seen.add(name);
      if (parameter.type === 'choice' && parameter.choices.length === 0) {
        context.addIssue({
          code: 'custom',
          path: [index, 'choices'],
          message: 'Give at least one choice.',
        });
      }
      if (parameter.isSensitive && parameter.type !== 'text') {
        context.addIssue({
          code: 'custom',
          path: [index, 'isSensitive'],
          message: 'Only a text can be sensitive: the other types have few values to guess.',
        });
      }
      const complaint =
        parameter.default === null ? null : wrongValue(parameter, parameter.default);
      if (complaint)
        context.addIssue({ code: 'custom', path: [index, 'default'], message: complaint });
    });
  });

export type ParameterProblem = { name: string; message: string };

/**
 * Fills the defaults in and checks the values that a trigger gave.
 * Every problem is told, not only the first.
 */
export function resolveParameters(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
): { ok: true; values: ParameterValues } | { ok: false; problems: ParameterProblem[] } {
  const values: ParameterValues = {};
  const problems: ParameterProblem[] = [];
  for (const parameter of parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    if (value === null || value === undefined) {
      problems.push({
        name: parameter.name,
        message: `${parameter.name} has no default: give a value.`,
      });
      continue;
    }
    const complaint = wrongValue(parameter, value);
    if (complaint) problems.push({ name: parameter.name, message: complaint });
    else values[parameter.name] = value as string | number | boolean;
  }
  const known = new Set(parameters.map((parameter) => parameter.name));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) {
      problems.push({ name, message: `This job has no parameter ${name}.` });
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

function wrongValue(parameter: Parameter, value: unknown): string | null {
  switch (parameter.type) {
    case 'text':
      return typeof value === 'string' ? null : `${parameter.name} is a text.`;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
        ? null
        : `${parameter.name} is a number.`;
    case 'boolean':
      return typeof value === 'boolean' ? null : `${parameter.name} is yes or no.`;
    case 'choice':
      return typeof value === 'string' && parameter.choices.includes(value)
        ? null
        : `${parameter.name} is one of ${parameter.choices.join(', ')}.`;
  }
}
