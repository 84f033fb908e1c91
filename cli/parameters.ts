import type { Parameter, ParameterValues } from '#core/jobs/parameters.ts';
import { CommandProblem } from './installation.ts';

/**
 * `name=value` of a command line, each value as its parameter's type reads it. What isn't of the type stays text, which
 * the use-case then refuses in its own words.
 *
 * @throws CommandProblem for what isn't `name=value`, and for a parameter that the job hasn't
 */
export function givenParameters(
  given: readonly string[],
  known: readonly Parameter[],
): ParameterValues {
  const values: ParameterValues = {};
  for (const text of given) {
    const equals = text.indexOf('=');
    if (equals < 1) throw new CommandProblem(`Write --param name=value; ${text} isn’t that.`);
    const name = text.slice(0, equals);
    const parameter = known.find((one) => one.name === name);
    if (!parameter) throw new CommandProblem(unknownParameter(name, known));
    values[name] = valueOf(parameter, text.slice(equals + 1));
  }
  return values;
}

function valueOf({ type }: Parameter, text: string): string | number | boolean {
  switch (type) {
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase()) ?? text;
    case 'text':
    case 'choice':
      return text;
  }
}

const BOOLEANS = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

function unknownParameter(name: string, known: readonly Parameter[]): string {
  const names = known.map((parameter) => parameter.name);
  const has = names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.';
  return `This job has no parameter ${name}. ${has}`;
}
