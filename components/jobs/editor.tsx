'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { FormProvider } from 'react-hook-form';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { formKeys } from '#components/ui/form-keys.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { AboutIt, Keeping, MayRunTwice } from './editor-about.tsx';
import type { PartId } from './definition-parts.ts';
import { DraftNotice } from './editor-draft-notice.tsx';
import { formOf } from './form-of-definition.ts';
import { InTheWay } from './editor-in-the-way.tsx';
import { EditorNav } from './editor-nav.tsx';
import { Retries } from './editor-retries.tsx';
import { EditorSection } from './editor-section.tsx';
import { NoteInput, SaveBar } from './editor-save-bar.tsx';
import { ScheduleSection } from './editor-schedule.tsx';
import { EditorReach } from './editor-reach.tsx';
import type { EditorActions, EditorJob, EditorOptions, EditorReachOf } from './editor-view.ts';
import { WhatItRuns } from './editor-what.tsx';
import { useDraft } from './use-draft.ts';
import { useEditor } from './use-editor.ts';
import { useIsWide } from './use-is-wide.ts';
import { useSave } from './use-save.ts';

// What is ahead is reckoned in the browser, which has to fetch the rules for it anyway.
const UpcomingTicks = dynamic(
  () => import('./editor-ticks.tsx').then((file) => file.UpcomingTicks),
  { ssr: false, loading: () => <Skeleton className="h-80" /> },
);
const SaveWarnings = dynamic(
  () => import('./editor-warnings.tsx').then((file) => file.SaveWarnings),
  { ssr: false },
);
// Few jobs ask for any of it.
const FailingFields = dynamic(
  () => import('./editor-failing-fields.tsx').then((file) => file.FailingFields),
  { ssr: false, loading: () => <Skeleton className="h-40" /> },
);
// Most saves meet neither of them.
const ConflictDialog = dynamic(
  () => import('./editor-conflict.tsx').then((file) => file.ConflictDialog),
  { ssr: false },
);
const TrialDialog = dynamic(
  () => import('#components/trials/trial-dialog.tsx').then((file) => file.TrialDialog),
  { ssr: false },
);
const SignInDialog = dynamic(
  () => import('./editor-sign-in.tsx').then((file) => file.SignInDialog),
  { ssr: false },
);

export type JobEditorProps = {
  /** The revision to edit; null makes a new job. */
  job: EditorJob | null;
  options: EditorOptions;
  actions: EditorActions;
  user: { id: string; email: string };
  /** The revision that is current now, to say when somebody saved in between. */
  newest?: { revision: number; savedBy: string };
  reach: EditorReachOf;
};

/** One form for a new job and for the next revision of one. Nothing that was typed is ever lost. */
export function JobEditor({ job, options, actions, user, newest, reach }: JobEditorProps) {
  const t = useTranslations('editor');
  const { form, base, changedParts, rebase, discard } = useEditor(job);
  const draft = useDraft({
    userId: user.id,
    job: job?.id ?? 'new',
    form,
    basedOn: base && { revision: base.revision, definition: base.definition },
    isChanged: (values) => changedParts(values).length > 0 || values.note !== '',
  });
  const saving = useSave({ form, base, actions, onSaved: draft.end });
  const { obstacle } = saving;
  const isWide = useIsWide();
  const [tried, setTried] = useState<PartId[] | null>(null);

  const ticks = (
    <UpcomingTicks
      job={base && { id: base.id, schedule: base.definition.schedule }}
      savedAs={
        base &&
        t.rich('savedAs', {
          revision: base.revision,
          when: () => <RelativeTime at={base.savedAt} />,
        })
      }
    />
  );

  return (
    <EditorReach value={reach.closed}>
      <FormProvider {...form}>
        <form
          noValidate
          onSubmit={(event) => void saving.save(event)}
          onKeyDown={(event) => formKeys(event, () => void saving.save())}
        >
          <EditorNav />
          <div className="min-[75rem]:grid min-[75rem]:grid-cols-[minmax(0,1fr)_26rem]">
            <div className="min-w-0 pb-6 min-[75rem]:pr-gutter">
              {draft.found && (
                <DraftNotice
                  draft={draft.found}
                  currentRevision={base?.revision ?? null}
                  onTake={() => {
                    const { basedOn, form: values } = draft.found ?? {};
                    if (!values) return;
                    const isOlder = base && basedOn && basedOn.revision !== base.revision;
                    rebase(isOlder ? { ...base, ...basedOn } : base, values);
                    draft.dismiss();
                  }}
                  onDiscard={draft.forget}
                />
              )}
              {newest && base && newest.revision > base.revision && !saving.isSaving && (
                <Notice
                  className="mt-4"
                  title={t('newerRevision', { name: newest.savedBy, revision: newest.revision })}
                >
                  {t('newerRevisionHint')}
                </Notice>
              )}
              <WhatItRuns kindsOff={options.kindsOff} kindsClosed={reach.kinds} />
              <ScheduleSection
                saved={base?.definition.schedule ?? null}
                ahead={!isWide && <div className="max-w-xl">{ticks}</div>}
              />
              <InTheWay queues={options.queues} />
              <Retries />
              <EditorSection
                name="failing"
                of="what"
                title={t('section.failing')}
                sentence={t('failingSentence')}
              >
                <FailingFields />
              </EditorSection>
              <MayRunTwice />
              <AboutIt />
              <Keeping installationDays={options.retentionDays} />
              {!isWide && <SaveWarnings jobId={base?.id} className="mt-6 max-w-xl" />}
              <NoteInput className="block desk:hidden" />
            </div>
            <aside className="hidden border-l border-line pt-5 pl-6 min-[75rem]:block">
              <div className="sticky top-14 max-h-[calc(100dvh-7.5rem)] overflow-y-auto pb-4">
                {isWide && (
                  <>
                    <SaveWarnings jobId={base?.id} />
                    {ticks}
                  </>
                )}
              </div>
            </aside>
          </div>
          <SaveBar
            revision={base && base.revision + 1}
            changedParts={changedParts}
            isSaving={saving.isSaving}
            isKept={draft.isKept}
            problem={obstacle?.kind === 'refused' ? obstacle.message : null}
            onDiscard={() => {
              discard();
              draft.forget();
              saving.dismiss();
            }}
            onTry={setTried}
          />
        </form>
        {tried && base && (
          <TrialDialog
            revision={base.revision + 1}
            changed={tried}
            onTry={(trial) => {
              setTried(null);
              void saving.saveOnTrial(trial);
            }}
            onClose={() => setTried(null)}
          />
        )}
        {obstacle?.kind === 'signed_out' && (
          <SignInDialog
            email={user.email}
            onSignedIn={() => void saving.saveAgain()}
            onClose={saving.dismiss}
          />
        )}
        {obstacle?.kind === 'overtaken' && base && (
          <ConflictDialog
            base={base}
            mine={obstacle.mine}
            newer={obstacle.newer}
            onJoin={(joined, theirs) => {
              rebase(theirs, { ...formOf(joined, new Date()), note: form.getValues('note') });
              void saving.saveDefinition(joined, theirs);
            }}
            onClose={saving.dismiss}
          />
        )}
      </FormProvider>
    </EditorReach>
  );
}
