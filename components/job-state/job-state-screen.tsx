'use client';

import { useQuery } from '@tanstack/react-query';
import { SquarePen, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { parseAsInteger } from 'nuqs/server';
import { useState } from 'react';
import type { JobStateView } from '#core/job-state/read-job-state.ts';
import { addressHook } from '#components/shell/address-hook.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { jobStateQuery, type JobStateActions } from './job-state-queries.ts';
import { JobStateVersions } from './job-state-versions.tsx';

// Asked for when somebody writes.
const EditDialog = dynamic(
  () => import('./job-state-edit-dialog.tsx').then((file) => file.JobStateEditDialog),
  { ssr: false },
);

const useVersionAddress = addressHook({ version: parseAsInteger }, 'replace');

type Props = {
  jobId: number;
  jobKey: string;
  /** The job isn't deleted, and the reader may write. */
  mayEdit: boolean;
  actions: JobStateActions;
};

/** How far the job has come, what it keeps for its next run, and who wrote that. */
export function JobStateScreen({ jobId, jobKey, mayEdit, actions }: Props) {
  const t = useTranslations('jobState');
  const who = useTranslations('whoMay');
  const [address, setAddress] = useVersionAddress();
  // Not suspended: while another version is fetched, the one before stays.
  const { data: state } = useQuery(jobStateQuery(jobId, address.version));
  const [asked, setAsked] = useState<'edit' | 'restore' | null>(null);
  if (!state) return null;
  const isNewest = state.shown === null || state.shown.version === state.version;
  const hint = mayEdit ? undefined : who('job:write');
  const edit = (
    <Button
      size="small"
      icon={<SquarePen aria-hidden />}
      disabled={!mayEdit}
      title={hint}
      onClick={() => setAsked('edit')}
    >
      {t(state.version === 0 ? 'write' : 'edit')}
    </Button>
  );
  return (
    <div className="pt-4">
      <p className="text-table text-ink-2">
        <Covered state={state} />
        {state.missing !== null && ` ${t('missing', { version: state.missing })}`}
      </p>
      {state.shown === null ? (
        <EmptyState title={t('emptyTitle')} actions={edit}>
          {t('emptySentence')}
        </EmptyState>
      ) : (
        <div className="mt-4 grid gap-8 min-[64rem]:grid-cols-[20rem_minmax(0,1fr)] min-[64rem]:gap-10">
          <JobStateVersions
            versions={state.versions}
            shown={state.shown.version}
            onShow={(version) =>
              setAddress({ version: version === state.version ? null : version })
            }
          />
          <section className="min-w-0 max-[64rem]:-order-1" aria-label={t('shown')}>
            <SectionHead
              title={t('version', { version: state.shown.version })}
              end={
                <span className="flex items-center gap-2">
                  <CopyButton text={state.shown.body} />
                  {isNewest ? (
                    edit
                  ) : (
                    <Button
                      size="small"
                      icon={<Undo2 aria-hidden />}
                      disabled={!mayEdit}
                      title={hint}
                      onClick={() => setAsked('restore')}
                    >
                      {t('restore')}
                    </Button>
                  )}
                </span>
              }
            />
            {state.shown.body === '' ? (
              <p className="mt-2 text-table text-ink-3">{t('isEmpty')}</p>
            ) : (
              <pre
                // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by key (WCAG 2.1.1)
                tabIndex={0}
                role="group"
                aria-label={t('shown')}
                className="mt-2 max-h-[32rem] overflow-auto rounded-box bg-sunk px-3 py-2 font-mono text-log break-words whitespace-pre-wrap"
              >
                {state.shown.body}
              </pre>
            )}
          </section>
        </div>
      )}
      {asked !== null && (
        <EditDialog
          jobId={jobId}
          jobKey={jobKey}
          newest={state.version}
          body={state.shown?.body ?? ''}
          restores={asked === 'restore' ? (state.shown?.version ?? null) : null}
          actions={actions}
          onWritten={() => setAddress({ version: null })}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

function Covered({ state: { coveredUntil, coveredBy } }: { state: JobStateView }) {
  const t = useTranslations('jobState');
  if (coveredUntil === null || coveredBy === null) return t('coveredNothing');
  return t.rich('covered', {
    at: () => <AbsoluteTime at={coveredUntil} form="seconds" />,
    id: coveredBy,
    run: (chunks) => (
      // Within a sentence the colour alone doesn't tell a link.
      <TextLink href={`/runs/${coveredBy}`} className="underline">
        {chunks}
      </TextLink>
    ),
  });
}
