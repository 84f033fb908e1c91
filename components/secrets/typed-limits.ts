import type { SecretLimits } from '#core/secrets/limits.ts';

/** Who may use a secret, as it is typed: keys and labels one a line. */
export type TypedLimits = { who: 'every' | 'some'; jobs: string; labels: string };

export type LimitsRead =
  | { ok: true; limits: SecretLimits }
  | { ok: false; problem: { kind: 'none' } | { kind: 'label'; line: string } };

export const EVERY_JOB: TypedLimits = { who: 'every', jobs: '', labels: '' };

export function typedOf({ jobs, labels }: SecretLimits): TypedLimits {
  return {
    who: jobs.length + labels.length > 0 ? 'some' : 'every',
    jobs: jobs.join('\n'),
    labels: labels.map(({ name, value }) => `${name}=${value}`).join('\n'),
  };
}

export function limitsOf(typed: TypedLimits): LimitsRead {
  if (typed.who === 'every') return { ok: true, limits: { jobs: [], labels: [] } };
  const jobs = linesOf(typed.jobs);
  const lines = linesOf(typed.labels);
  const wrong = lines.find((line) => line.indexOf('=') < 1);
  if (wrong !== undefined) return { ok: false, problem: { kind: 'label', line: wrong } };
  const labels = lines.map((line) => ({
    name: line.slice(0, line.indexOf('=')),
    value: line.slice(line.indexOf('=') + 1),
  }));
  // Nothing would mean everybody.
  if (jobs.length + labels.length === 0) return { ok: false, problem: { kind: 'none' } };
  return { ok: true, limits: { jobs, labels } };
}

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];
