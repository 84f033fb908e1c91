import { SECRET_NAME } from '../../secrets/secret-name.ts';
import type { ParameterValues } from '../parameters.ts';

export type PlaceholderValues = {
  parameters: ParameterValues;
  secrets: Readonly<Record<string, string>>;
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
const PLACEHOLDER = new RegExp(
  String.raw`\{\{(json )?(?:param\.([A-Za-z][A-Za-z0-9_]{0,62})|secret\.(${SECRET_NAME})|(tick|from|to|state|run_id|attempt|job_key))\}\}`,
  'g',
);

/** What somebody who writes it means to be a secret, also where it is none. */
const MEANT_AS_SECRET = /\{\{\s*(?:json\s+)?secrets?\s*\.[^{}]*\}\}/gi;

const asIs = (text: string): string => text;

/**
 * Replaces {{param.NAME}}, {{secret.NAME}}, {{tick}}, {{from}}, {{to}}, {{state}}, {{run_id}}, {{attempt}} and {{job_key}} by their values,
 * each passed through `escape`; {{json …}} by the value as JSON, with its quotes. Values are never looked at for placeholders again.
 * `problem` names a parameter or a secret that the job doesn't have.
 */
export function fillTemplate(
  template: string,
  values: PlaceholderValues,
  escape: (text: string) => string = asIs,
): { text: string; problem: string | null } {
  let problem: string | null = null;
  const text = template.replaceAll(
    PLACEHOLDER,
    (whole, json?: string, name?: string, secret?: string, field?: string) => {
      const value =
        name !== undefined
          ? ownValue(values.parameters, name)
          : secret !== undefined
            ? ownValue(values.secrets, secret)
            : fieldValue(values, field);
      if (value === undefined) {
        problem ??=
          name !== undefined
            ? `the job uses {{param.${name}}}, but has no parameter ${name}`
            : `the job uses {{secret.${secret}}} where it can’t be given`;
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

/** Names of the secrets that a text uses. */
export function secretsIn(template: string): string[] {
  const names = [...template.matchAll(PLACEHOLDER)].map((match) => match[3]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** What looks like a secret and isn't written as one: it would go out as it stands. */
export function miswrittenSecretsIn(template: string): string[] {
  return [...template.matchAll(MEANT_AS_SECRET)]
    .map(([written]) => written)
    .filter((written) => secretsIn(written).length === 0);
}

/** Replaces {{secret.NAME}} alone: environments hold whatever they like besides. */
export function fillSecrets(
  template: string,
  secrets: PlaceholderValues['secrets'],
): { text: string; problem: string | null } {
  let problem: string | null = null;
  const text = template.replaceAll(
    PLACEHOLDER,
    (whole, json?: string, _name?: string, secret?: string) => {
      if (secret === undefined) return whole;
      const value = ownValue(secrets, secret);
      if (value === undefined) {
        problem ??= `the job uses {{secret.${secret}}}, but wasn’t given it`;
        return whole;
      }
      return json ? JSON.stringify(value) : value;
    },
  );
  return { text, problem };
}

function ownValue<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
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
