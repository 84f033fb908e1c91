import type { ParameterValues } from '../parameters.ts';

export type PlaceholderValues = {
  parameters: ParameterValues;
  /** ISO 8601, UTC, as are the others; `from` is empty for the first run. */
  tick: string;
  from: string;
  to: string;
  /** What the job kept at the end of an earlier run. */
  state: string;
  runId: string;
  attempt: string;
  jobKey: string;
};

// Only these: any other {{…}} is the job's own text, for example of `docker ps --format '{{.Names}}'`.
const PLACEHOLDER =
  /\{\{(json )?(?:param\.([A-Za-z][A-Za-z0-9_]{0,62})|(tick|from|to|state|run_id|attempt|job_key))\}\}/g;

const asIs = (text: string): string => text;

/**
 * Replaces {{param.NAME}}, {{tick}}, {{from}}, {{to}}, {{state}}, {{run_id}}, {{attempt}} and {{job_key}} by their values,
 * each passed through `escape`; {{json …}} by the value as JSON, with its quotes. Values are never looked at for placeholders again.
 * `problem` names a parameter that the job doesn't have.
 */
export function fillTemplate(
  template: string,
  values: PlaceholderValues,
  escape: (text: string) => string = asIs,
): { text: string; problem: string | null } {
  let problem: string | null = null;
  const text = template.replaceAll(
    PLACEHOLDER,
    (whole, json?: string, name?: string, field?: string) => {
      const value =
        name === undefined ? fieldValue(values, field) : ownValue(values.parameters, name);
      if (value === undefined) {
        problem ??= `the job uses {{param.${name}}}, but has no parameter ${name}`;
        return whole;
      }
      return json ? JSON.stringify(value) : escape(String(value));
    },
  );
  return { text, problem };
}

/** Names of the parameters that a text uses, so that one which the job lacks is told when the job is saved. */
export function parametersIn(template: string): string[] {
  const names = [...template.matchAll(PLACEHOLDER)].map((match) => match[2]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

function ownValue(parameters: ParameterValues, name: string): ParameterValues[string] | undefined {
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

function fieldValue(values: PlaceholderValues, field: string | undefined): string {
  switch (field) {
    case 'from':
      return values.from;
    case 'to':
      return values.to;
    case 'state':
      return values.state;
    case 'run_id':
      return values.runId;
    case 'attempt':
      return values.attempt;
    case 'job_key':
      return values.jobKey;
    default:
      return values.tick;
  }
}
