'use client';

import { ChevronDown, Ellipsis, Pause, Pencil, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { JobDetail } from '#core/jobs/read-job.ts';
import { usePageActions } from '#components/shell/commands.ts';
import { Button, IconButton, SplitButton, SplitMore } from '#components/ui/button.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import { Link } from '#components/ui/link.tsx';
import type { JobQuestion } from './job-dialogs.tsx';
import type { RowPermission } from './job-list-view.ts';
import type { JobActions as Actions, JobRights } from './job-view.ts';
import { useJobActs } from './use-job-acts.ts';

// Asked for when somebody acts, not with the page.
const TriggerMenu = dynamic(
  () => import('./job-action-menus.tsx').then((file) => file.TriggerMenu),
  { ssr: false },
);
const PauseMenu = dynamic(() => import('./job-action-menus.tsx').then((file) => file.PauseMenu), {
  ssr: false,
});
const MoreMenu = dynamic(() => import('./job-action-menus.tsx').then((file) => file.MoreMenu), {
  ssr: false,
});
const JobDialog = dynamic(() => import('./job-dialogs.tsx').then((file) => file.JobDialog), {
  ssr: false,
});

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
  const pauses = useTranslations('pauses');
  const who = useTranslations('whoMay');
  const [asked, setAsked] = useState<JobQuestion | null>(null);
  const acts = useJobActs(job, actions);
  const parameters = job.definition?.parameters ?? [];
  const isPaused = job.paused !== null;
  const isManual = job.schedule?.isManual === true;
  const trigger = () => (parameters.length > 0 ? setAsked('trigger') : void acts.trigger());
  const toggle = () => (isPaused ? setAsked('resume') : void acts.pause());
  const hint = (isAllowed: boolean, permission: RowPermission) =>
    isAllowed ? undefined : who(permission);

  usePageActions([
    {
      id: 'trigger',
      label: t('triggerKey', { key: job.key }),
      keys: 't',
      isDisabled: !rights.trigger,
      hint: hint(rights.trigger, 'job:trigger'),
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
            hint: hint(rights.pause, 'job:pause'),
            run: toggle,
          },
        ]),
    {
      id: 'edit',
      label: t('editKey', { key: job.key }),
      keys: 'e',
      isDisabled: !rights.edit,
      hint: hint(rights.edit, 'job:write'),
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
          title={hint(rights.trigger, 'job:trigger')}
          onClick={trigger}
        >
          {t('trigger')}
        </Button>
        <LaterMenu
          button={
            <SplitMore label={t('moreTrigger')} disabled={!rights.trigger}>
              <ChevronDown aria-hidden />
            </SplitMore>
          }
        >
          {(state) => (
            <TriggerMenu
              {...state}
              hasParameters={parameters.length > 0}
              onTrigger={() => void acts.trigger()}
              onAsk={() => setAsked('trigger')}
              onTest={() => setAsked('test')}
            />
          )}
        </LaterMenu>
      </SplitButton>
      {(isPaused || !isManual) && (
        <SplitButton>
          <Button
            variant={isPaused ? 'primary' : undefined}
            icon={isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
            pending={acts.pending === (isPaused ? 'resume' : 'pause')}
            disabled={!rights.pause}
            title={hint(rights.pause, 'job:pause')}
            onClick={toggle}
          >
            {t(isPaused ? 'resume' : 'pause')}
          </Button>
          <LaterMenu
            button={
              <SplitMore
                label={isPaused ? pauses('endMenu') : t('morePause')}
                disabled={!rights.pause}
              >
                <ChevronDown aria-hidden />
              </SplitMore>
            }
          >
            {(state) => (
              <PauseMenu
                {...state}
                isPaused={isPaused}
                onAsk={() => setAsked(isPaused ? 'pauseEnd' : 'pause')}
              />
            )}
          </LaterMenu>
        </SplitButton>
      )}
      {rights.edit ? (
        <Button asChild aria-label={t('edit')}>
          <Link href={`/jobs/${job.key}/edit`}>
            <Pencil aria-hidden />
            <span className="phone:sr-only">{t('edit')}</span>
          </Link>
        </Button>
      ) : (
        <Button
          icon={<Pencil aria-hidden />}
          disabled
          title={who('job:write')}
          aria-label={t('edit')}
        >
          <span className="phone:sr-only">{t('edit')}</span>
        </Button>
      )}
      <LaterMenu
        button={
          <IconButton label={t('more')} variant="plain">
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        {(state) => (
          <MoreMenu
            {...state}
            jobKey={job.key}
            rights={rights}
            onDuplicate={() => void acts.duplicate()}
            onDelete={() => setAsked('delete')}
          />
        )}
      </LaterMenu>
      {asked && (
        <JobDialog
          asked={asked}
          job={job}
          acts={acts}
          actions={actions}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
