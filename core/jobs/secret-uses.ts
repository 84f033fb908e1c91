import type { JobDefinition } from './definition.ts';
import { miswrittenSecretsIn, parametersIn, secretsIn } from './kinds/template.ts';

type Path = (string | number)[];
type Text = { path: Path; text: string };
export type FieldProblem = { path: Path; message: string };

type Work = JobDefinition['work'];

/** Names of the secrets that a job's work is given, without repeats. */
export function secretsOf(work: Work): string[] {
  return [...new Set(filledTexts(work).flatMap(({ text }) => secretsIn(text)))];
}

/** Where each of them stands in the definition. */
export function secretPlaces(work: Work): { name: string; path: Path }[] {
  return filledTexts(work).flatMap(({ path, text }) =>
    secretsIn(text).map((name) => ({ name, path: ['work', ...path] })),
  );
}

/** Where a secret, or a parameter that is marked sensitive, stands in a place that others see or that isn't filled in. */
export function secretsOutOfPlace({
  work,
  parameters,
}: Pick<JobDefinition, 'work' | 'parameters'>): FieldProblem[] {
  const sensitive = new Set(
    parameters.filter(({ isSensitive }) => isSensitive).map(({ name }) => name),
  );
  return [
    ...filledTexts(work).flatMap(({ path, text }) =>
      miswrittenSecretsIn(text).map((written) => ({
        path: ['work', ...path],
        message: `${written} names no secret: write {{secret.NAME}}, the name in capitals, digits and underscores.`,
      })),
    ),
    ...unfilledTexts(work).flatMap(({ path, text, why }) =>
      [...secretsIn(text).map((name) => `{{secret.${name}}}`), ...miswrittenSecretsIn(text)].map(
        (written) => ({ path: ['work', ...path], message: why(written) }),
      ),
    ),
    ...argumentTexts(work).flatMap(({ path, text }) =>
      parametersIn(text)
        .filter((name) => sensitive.has(name))
        .map((name) => ({
          path: ['work', ...path],
          message: `The parameter ${name} is sensitive, and arguments are seen by everybody on the worker’s host. Let the program read PUNCTUAL_PARAM_${name.toUpperCase()} from its environment.`,
        })),
    ),
  ];
}

/** Texts in which secrets are filled in. */
function filledTexts(work: Work): Text[] {
  switch (work.kind) {
    case 'http':
      return [
        { path: ['url'], text: work.url },
        ...work.headers.map(({ value }, index) => ({
          path: ['headers', index, 'value'],
          text: value,
        })),
        { path: ['body'], text: work.body },
      ];
    case 'command':
    case 'script':
      return work.environment.map(({ value }, index) => ({
        path: ['environment', index, 'value'],
        text: value,
      }));
  }
}

const inArguments = (written: string) =>
  `Arguments are seen by everybody on the worker’s host (ps): put ${written} into an environment variable, and let the program read it there.`;

const inScript = (written: string) =>
  `A script’s text isn’t filled in: put ${written} into an environment variable, and read it from there.`;

function unfilledTexts(work: Work): (Text & { why: (written: string) => string })[] {
  switch (work.kind) {
    case 'http':
      return [];
    case 'command':
      return [
        { path: ['program'], text: work.program, why: inArguments },
        { path: ['cwd'], text: work.cwd, why: inArguments },
        ...argumentTexts(work).map((text) => ({ ...text, why: inArguments })),
      ];
    case 'script':
      return [{ path: ['text'], text: work.text, why: inScript }];
  }
}

function argumentTexts(work: Work): Text[] {
  return work.kind === 'command'
    ? work.args.map((text, index) => ({ path: ['args', index], text }))
    : [];
}
