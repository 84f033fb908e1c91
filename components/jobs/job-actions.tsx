'use client';

import { ChevronDown, Copy, Ellipsis, Pause, Pencil, Play, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import type { JobDetail } from '#core/jobs/read-job.ts';
import { usePageActions } from '#components/shell/commands.ts';
import { Button, IconButton, SplitButton, SplitMore } from '#components/ui/button.tsx';
import type { JobActions as Actions, JobRights } from './job-view.ts';
import { LazyMenu } from './lazy-menu.tsx';
import { useJobActs } from './use-job-acts.ts';

// Asked for when somebody acts, not with the page.
const TriggerDialog = dynamic(() =>
  import('./job-trigger-dialog.tsx').then((file) => file.TriggerDialog),
);
const PauseDialog = dynamic(() =>
  import('./job-pause-dialog.tsx').then((file) => file.PauseDialog),
);
const DeleteDialog = dynamic(() =>
  import('./job-delete-dialog.tsx').then((file) => file.DeleteDialog),
);

type Asked = 'trigger' | 'pause' | 'delete' | null;

/** What one may do with a job: buttons, keys and the palette. */
export function JobActions({
  job,
  actions,
  rights,
}: {
  job: JobDetail;
  actions: Actions;
  rights: JobRights;
}) {
  const t = useTranslations('job');
  const [asked, setAsked] = useState<Asked>(null);
  const acts = useJobActs(job, actions);
  const parameters = job.definition?.parameters ?? [];
  const isPaused = job.paused !== null;
  const isManual = job.schedule?.isManual === true;
  const running = job.running?.runs ?? 0;
  const trigger = () => (parameters.length > 0 ? setAsked('trigger') : void acts.trigger());
  const toggle = () => void (isPaused ? acts.resume() : acts.pause('', false));
  const hint = (isAllowed: boolean) => (isAllowed ? undefined : t('onlyAdmins'));

  usePageActions([
    {
      id: 'trigger',
      label: t('triggerKey', { key: job.key }),
      keys: 't',
      isDisabled: !rights.trigger,
      hint: hint(rights.trigger),
      run: trigger,
    },
    // Without ticks there is nothing to pause.
    ...(isManual && !isPaused
      ? []
      : [
          {
            id: 'pause',
            label: t(isPaused ? 'resumeKey' : 'pauseKey', { key: job.key }),
            keys: 'p',
            isDisabled: !rights.pause,
            hint: hint(rights.pause),
            run: toggle,
          },
        ]),
    {
      id: 'edit',
      label: t('editKey', { key: job.key }),
      keys: 'e',
      isDisabled: !rights.write,
      hint: hint(rights.write),
      run: acts.openEditor,
    },
  ]);

  return (
    <>
      <SplitButton>
        <Button
          icon={<Play aria-hidden />}
          pending={acts.pending === 'trigger'}
          disabled={!rights.trigger}
          title={hint(rights.trigger)}
          onClick={trigger}
        >
          {t('trigger')}
        </Button>
        <LazyMenu
          label={t('moreTrigger')}
          className="relative flex [&>button]:rounded-l-none"
          entries={[
            ...(parameters.length > 0
              ? [
                  {
                    id: 'defaults',
                    label: t('triggerDefaults'),
                    hint: t('triggerDefaultsHint'),
                    run: () => void acts.trigger(),
                  },
                ]
              : []),
            {
              id: 'with',
              label: t(parameters.length > 0 ? 'triggerWith' : 'triggerWithNote'),
              run: () => setAsked('trigger'),
            },
          ]}
        >
          {(button) => (
            <SplitMore label={t('moreTrigger')} disabled={!rights.trigger} {...button}>
              <ChevronDown aria-hidden />
            </SplitMore>
          )}
        </LazyMenu>
      </SplitButton>
      {isPaused ? (
        <Button
          variant="primary"
          icon={<Play aria-hidden />}
          pending={acts.pending === 'resume'}
          disabled={!rights.pause}
          title={hint(rights.pause)}
          onClick={toggle}
        >
          {t('resume')}
        </Button>
      ) : (
        !isManual && (
          <SplitButton>
            <Button
              icon={<Pause aria-hidden />}
              pending={acts.pending === 'pause'}
              disabled={!rights.pause}
              title={hint(rights.pause)}
              onClick={toggle}
            >
              {t('pause')}
            </Button>
            <LazyMenu
              label={t('morePause')}
              className="relative flex [&>button]:rounded-l-none"
              entries={[{ id: 'with', label: t('pauseWith'), run: () => setAsked('pause') }]}
            >
              {(button) => (
                <SplitMore label={t('morePause')} disabled={!rights.pause} {...button}>
                  <ChevronDown aria-hidden />
                </SplitMore>
              )}
            </LazyMenu>
          </SplitButton>
        )
      )}
      {rights.write ? (
        <Button asChild aria-label={t('edit')}>
          <Link href={`/jobs/${job.key}/edit`}>
            <Pencil aria-hidden />
            <span className="phone:sr-only">{t('edit')}</span>
          </Link>
        </Button>
      ) : (
        <Button icon={<Pencil aria-hidden />} disabled title={hint(false)} aria-label={t('edit')}>
          <span className="phone:sr-only">{t('edit')}</span>
        </Button>
      )}
      <LazyMenu
        label={t('more')}
        className="relative phone:flex-none!"
        entries={[
          {
            id: 'duplicate',
            label: t('duplicate'),
            icon: <Copy aria-hidden />,
            hint: rights.write ? t('duplicateHint') : hint(false),
            disabled: !rights.write,
            run: () => void acts.duplicate(),
          },
          {
            id: 'delete',
            label: t('delete'),
            icon: <Trash2 aria-hidden />,
            hint: hint(rights.write),
            danger: true,
            disabled: !rights.write,
            run: () => setAsked('delete'),
          },
        ]}
      >
        {(button) => (
          <IconButton label={t('more')} variant="plain" {...button}>
            <Ellipsis aria-hidden />
          </IconButton>
        )}
      </LazyMenu>
      {asked === 'trigger' && (
        <TriggerDialog
          job={job}
          parameters={parameters}
          triggerJob={actions.triggerJob}
          onTriggered={acts.sayTriggered}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'pause' && (
        <PauseDialog
          jobKey={job.key}
          running={running}
          onPause={(reason, cancelRunning) => void acts.pause(reason, cancelRunning)}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'delete' && (
        <DeleteDialog
          job={job}
          running={running}
          deleteJob={actions.deleteJob}
          onDeleted={acts.afterDeleted}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
