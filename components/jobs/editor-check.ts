import { JobDefinition } from '#core/jobs/definition.ts';
import type { z } from 'zod';
import { definitionOf } from './definition-of-form.ts';
import type { EditorForm, Pair } from './editor-form.ts';
import { controlOf, type FormProblem } from './editor-problems.ts';
import { typedDates } from './typed-dates.ts';

/** Sentences that the schema leaves to the form, because they are about how a value is typed. */
export type CheckWords = (
  key:
    | 'notNumber'
    | 'unanswered'
    | 'needed'
    | 'twice'
    | 'tooLong'
    | 'atMost'
    | 'atLeast'
    | 'wrong'
    | 'notDate',
  values?: Record<string, string | number>,
) => string;

/**
 * Checks the form with the schema that the use-case parses as well. Heavy (zod, croner): the editor imports it when it
 * is first needed.
 */
export function checkForm(
  form: EditorForm,
  words: CheckWords,
): { ok: true; definition: JobDefinition } | { ok: false; problems: FormProblem[] } {
  const parsed = JobDefinition.safeParse(definitionOf(form));
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(issue, form, words))),
    ...repeatedNames(form, words),
  ];
  if (parsed.success && problems.length === 0) return { ok: true, definition: parsed.data };
  return { ok: false, problems };
}

function problemOf(issue: z.core.$ZodIssue, form: EditorForm, words: CheckWords): FormProblem {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const control = controlOf(path, form);
  if (issue.code === 'invalid_key') {
    return { path: `${control}.name`, message: issue.issues[0]?.message ?? words('wrong') };
  }
  const isPair = ['labels', 'runsOn', 'fields'].includes(String(path[0])) && path.length > 1;
  return {
    path: isPair ? `${control}.value` : control,
    message: sentenceOf(issue, path, form, words),
  };
}

function sentenceOf(
  issue: z.core.$ZodIssue,
  path: readonly (string | number)[],
  form: EditorForm,
  words: CheckWords,
): string {
  const [field, part, index] = path[0] === 'definition' ? path.slice(1) : path;
  if (field === 'schedule' && part === 'at' && typeof index === 'number') {
    return words('notDate', { text: typedDates(form.schedule.dates)[index] ?? '' });
  }
  if (path.length === 1 && path[0] === 'mayRunTwice') return words('unanswered');
  if (issue.code === 'invalid_type') {
    const isNumber = issue.expected === 'number' || issue.expected === 'int';
    return isNumber ? words('notNumber') : words('needed');
  }
  // The schema's own sentences say more; what begins like this is zod's.
  if (!/^(Invalid|Too)\b/.test(issue.message)) return issue.message;
  if (issue.code === 'too_big') {
    const most = Number(issue.maximum);
    return issue.origin === 'string' ? words('tooLong', { most }) : words('atMost', { most });
  }
  if (issue.code === 'too_small') {
    return issue.origin === 'string'
      ? words('needed')
      : words('atLeast', { least: Number(issue.minimum) });
  }
  return words('wrong');
}

const pairLists = ['labels', 'runsOn', 'fields'] as const;

/** Two lines of one name would become one: whoever typed them has to say which. */
function repeatedNames(form: EditorForm, words: CheckWords): FormProblem[] {
  return pairLists.flatMap((list) => repeatedIn(form[list], list, words));
}

function repeatedIn(pairs: readonly Pair[], list: string, words: CheckWords): FormProblem[] {
  const names = pairs.map(({ name }) => name.trim());
  return names.flatMap((name, index) =>
    name !== '' && names.indexOf(name) < index
      ? [{ path: `${list}.${index}.name`, message: words('twice', { name }) }]
      : [],
  );
}
