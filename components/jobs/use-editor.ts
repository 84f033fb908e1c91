'use client';

import { toNestErrors } from '@hookform/resolvers';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { useForm, type FieldErrors, type Resolver, type UseFormReturn } from 'react-hook-form';
import type { JobDefinition } from '#core/jobs/definition.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { changesBetween, type PartId } from './definition-parts.ts';
import { definitionOf } from './definition-of-form.ts';
import { formOf } from './form-of-definition.ts';
import { emptyForm, type EditorForm } from './editor-form.ts';
import type { EditorJob } from './editor-view.ts';

export type EditorFormApi = UseFormReturn<EditorForm, unknown, JobDefinition>;

/** The form of the editor, what it is based on, and what differs from that. */
export function useEditor(job: EditorJob | null) {
  const clock = useClock();
  const [base, setBase] = useState(job);
  const [first] = useState(() => {
    const now = new Date(clock.now());
    return job ? formOf(job.definition, now) : emptyForm(now);
  });
  const form = useForm<EditorForm, unknown, JobDefinition>({
    defaultValues: first,
    resolver: useResolver(),
    mode: 'onTouched',
    // The first problem in the order of the page takes the focus, see focusFirstProblem.
    shouldFocusError: false,
  });

  const saved = useMemo(() => {
    const now = new Date(0);
    // Through the form and back, so that what the form alone says otherwise doesn't count as a change.
    return definitionOf(base ? formOf(base.definition, now) : first) as JobDefinition;
  }, [base, first]);

  return {
    form,
    base,
    /** Which parts of a form differ from what is saved. */
    changedParts: (values: EditorForm): PartId[] =>
      changesBetween(saved, definitionOf(values) as JobDefinition).map(({ part }) => part),
    /** Goes on from another revision, with these values in the form. */
    rebase: (next: EditorJob | null, values: EditorForm) => {
      setBase(next);
      form.reset(values);
    },
    /** Back to what is saved. */
    discard: () => form.reset(base ? formOf(base.definition, new Date(clock.now())) : first),
  };
}

/** Checks with the schema of the use-case, fetched when a field is left for the first time. */
function useResolver(): Resolver<EditorForm, unknown, JobDefinition> {
  const t = useTranslations('editor.problem');
  return async (values, _context, options) => {
    const { checkForm } = await import('./editor-check.ts');
    const checked = checkForm(values, t);
    if (checked.ok) return { values: checked.definition, errors: {} };
    const errors = Object.fromEntries(
      checked.problems
        // Of several problems of one control the first is told.
        .toReversed()
        .map(({ path, message }) => [path, { type: 'problem', message }]),
    );
    return { values: {}, errors: toNestErrors(errors as FieldErrors<EditorForm>, options) };
  };
}

/** Puts the caret where the first problem of the page is, as soon as it has been rendered. */
export function focusFirstProblem(framesLeft = 60): void {
  const problem = document.querySelector(
    '[data-control] [role="alert"], [data-control][aria-invalid="true"]',
  );
  if (!problem) {
    if (framesLeft > 0) requestAnimationFrame(() => focusFirstProblem(framesLeft - 1));
    return;
  }
  const control = problem.closest('[data-control]');
  const target = control?.matches('input,textarea,select,button')
    ? control
    : control?.querySelector('[aria-invalid="true"], input, textarea, select, button');
  if (!(target instanceof HTMLElement)) return;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: 'center' });
}
