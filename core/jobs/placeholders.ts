import type { JobDefinition } from './definition.ts';
import { parametersIn } from './kinds/template.ts';

type Path = (string | number)[];

/** Where a job's texts name a parameter that it doesn't have, with the sentence for that field. */
export function placeholdersWithoutParameter({
  work,
  parameters,
}: Pick<JobDefinition, 'work' | 'parameters'>): { path: Path; message: string }[] {
  const known = new Set(parameters.map(({ name }) => name));
  return templatesOf(work).flatMap(({ path, text }) =>
    parametersIn(text)
      .filter((name) => !known.has(name))
      .map((name) => ({
        path: ['work', ...path],
        message: `This uses {{param.${name}}}, but the job has no parameter ${name}. Add it, or take it out here.`,
      })),
  );
}

function templatesOf(work: JobDefinition['work']): { path: Path; text: string }[] {
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
      return work.args.map((text, index) => ({ path: ['args', index], text }));
    case 'script':
      // Its parameters arrive in the environment; {{…}} is the script's own text.
      return [];
  }
}
