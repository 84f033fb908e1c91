'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useRef, useState, type BaseSyntheticEvent } from 'react';
import type { JobDefinition } from '#core/jobs/definition.ts';
import type { NewerRevision } from '#core/jobs/newer-revision.ts';
import type { Outcome, Refusal } from '#core/outcome.ts';
import type { TrialInput } from '#core/trials/trial-input.ts';
import type { EditedJob } from '#core/jobs/edit-job.ts';
import type { SavedJob } from '#core/jobs/create-job.ts';
import { notify, notifyFailure } from '#components/ui/toast.tsx';
import { controlOf } from './editor-problems.ts';
import type { ControlName } from './editor-fields.tsx';
import type { EditorActions, EditorJob } from './editor-view.ts';
import { focusFirstProblem, type EditorFormApi } from './use-editor.ts';

/** What stands between the person and a saved job. */
export type Obstacle =
  | { kind: 'refused'; message: string }
  | { kind: 'signed_out' }
  | { kind: 'overtaken'; mine: JobDefinition; newer: NewerRevision };

/** Saves the form; what keeps it from being saved is told, and nothing that was typed is touched. */
export function useSave({
  form,
  base,
  actions,
  onSaved,
}: {
  form: EditorFormApi;
  base: EditorJob | null;
  actions: EditorActions;
  onSaved: () => void;
}) {
  const t = useTranslations('editor');
  const router = useRouter();
  const [isSaving, setIsSaving] = useState(false);
  const [obstacle, setObstacle] = useState<Obstacle | null>(null);
  // Kept over whatever stands in the way: an edit that was to be tried must not be saved for all runs instead.
  const trial = useRef<TrialInput>(undefined);

  const send = async (
    definition: JobDefinition,
    from: EditorJob | null,
  ): Promise<Outcome<SavedJob | EditedJob>> => {
    const note = form.getValues('note');
    try {
      return from === null
        ? await actions.create({ definition, note })
        : await actions.edit({
            jobId: from.id,
            basedOnRevision: from.revision,
            definition,
            note,
            ...(trial.current && { trial: trial.current }),
          });
    } catch {
      // The request never came back: no network, or a console that was replaced by a newer one meanwhile.
      return { ok: false, refusal: { code: 'unavailable', message: t('unreachable') } };
    }
  };

  const saveDefinition = async (definition: JobDefinition, from: EditorJob | null) => {
    setIsSaving(true);
    setObstacle(null);
    const result = await send(definition, from);
    if (!result.ok) {
      setIsSaving(false);
      refuse(result.refusal, definition);
      return;
    }
    onSaved();
    const { key, revision } = result.value;
    if ('proposal' in result.value && result.value.proposal !== null) {
      // The page itself says that it waits, and for whom.
      router.push(`/jobs/${key}/proposal`);
      return;
    }
    const isChanged = !('isChanged' in result.value) || result.value.isChanged;
    router.push(`/jobs/${key}`);
    if (!isChanged) notify(t('nothingChanged'));
    else if (from === null) notify(t('made', { key }));
    else
      notify(t(trial.current ? 'savedOnTrial' : 'saved', { key, revision }), {
        undo: { label: t('undo'), run: undo(from, revision) },
      });
  };

  /** The way back from a saved edit: the revision before it, as the newest. */
  const undo = (from: EditorJob, revision: number) => () => {
    const given = { jobId: from.id, basedOnRevision: revision, revision: from.revision };
    void actions.restore(given).then(
      (outcome) =>
        outcome.ok
          ? notify(t('undone', { revision: from.revision }))
          : notifyFailure(outcome.refusal.message),
      () => notifyFailure(t('unreachable')),
    );
  };

  const refuse = (refusal: Refusal, mine: JobDefinition) => {
    if (refusal.code === 'signed_out') {
      setObstacle({ kind: 'signed_out' });
      return;
    }
    if (refusal.newer) {
      setObstacle({ kind: 'overtaken', mine, newer: refusal.newer });
      return;
    }
    const values = form.getValues();
    for (const { path, message } of refusal.fields ?? []) {
      form.setError(controlOf(path, values) as ControlName, { type: 'refused', message });
    }
    setObstacle({ kind: 'refused', message: refusal.message });
    if (refusal.fields?.length) focusFirstProblem();
  };

  const saveForm = (event?: BaseSyntheticEvent) =>
    form.handleSubmit(
      (definition) => saveDefinition(definition, base),
      () => {
        setObstacle({ kind: 'refused', message: t('notYet') });
        focusFirstProblem();
      },
    )(event);

  return {
    isSaving,
    obstacle,
    dismiss: () => setObstacle(null),
    save: (event?: BaseSyntheticEvent) => {
      trial.current = undefined;
      return saveForm(event);
    },
    /** Saves what only some of the runs take at first. */
    saveOnTrial: (asked: TrialInput) => {
      trial.current = asked;
      return saveForm();
    },
    /** Goes on with what was asked before something stood in the way. */
    saveAgain: () => saveForm(),
    /** Saves what two edits were joined to, on top of the newer one. */
    saveDefinition,
  };
}
