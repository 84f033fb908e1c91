'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { pauseAllAsked } from '#components/installation/pause-all-asked.ts';
import { useAct } from '#components/shell/use-act.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { InstallationView } from '#core/installation/read-installation.ts';
import type { InstallationActions } from './settings-actions.ts';
import { installationSettings } from './settings-queries.ts';

/** Whether everything is paused, since when and why, and the button for the other. */
export function PauseEverything({
  pausedAll,
  mayPause,
  resumeEverything,
}: {
  pausedAll: InstallationView['pausedAll'];
  mayPause: boolean;
  resumeEverything: InstallationActions['resumeEverything'];
}) {
  const t = useTranslations('settings.pause');
  const client = useQueryClient();
  const { act, pending } = useAct<'resume'>();
  const hint = mayPause ? undefined : t('onlyAdmin');
  const resume = async () => {
    const resumed = await act('resume', resumeEverything);
    await client.invalidateQueries({ queryKey: installationSettings.queryKey });
    if (resumed) notify(t('isResumed'));
  };
  return (
    <>
      <p className="mb-3 text-table [&>svg]:mr-2 [&>svg]:align-[-2px]">
        <StateGlyph state={pausedAll ? 'paused' : 'well'} />
        {pausedAll ? <PausedSince {...pausedAll} /> : t('running')}
      </p>
      {pausedAll ? (
        <Button
          variant="primary"
          pending={pending !== null}
          disabled={!mayPause}
          title={hint}
          onClick={() => void resume()}
        >
          {t('resume')}
        </Button>
      ) : (
        <Button disabled={!mayPause} title={hint} onClick={pauseAllAsked.ask}>
          {t('ask')}
        </Button>
      )}
    </>
  );
}

function PausedSince({ since, by, reason }: NonNullable<InstallationView['pausedAll']>) {
  const t = useTranslations('settings.pause');
  return (
    <>
      {t.rich('paused', {
        by,
        since: () => <AbsoluteTime at={since} />,
        b: (chunks: ReactNode) => <b className="font-medium">{chunks}</b>,
      })}
      {reason !== '' && <span className="ml-1.5 text-ink-2">{t('reasonSaid', { reason })}</span>}
    </>
  );
}
