'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { pauseAllAsked } from '#components/installation/pause-all-asked.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Button } from '#components/ui/button.tsx';
import type { InstallationView } from '#core/installation/read-installation.ts';

/** Whether everything is paused, since when and why, and the button for the other. */
export function PauseEverything({
  pausedAll,
  mayPause,
}: {
  pausedAll: InstallationView['pausedAll'];
  mayPause: boolean;
}) {
  const t = useTranslations('settings.pause');
  const who = useTranslations('whoMay');
  const hint = mayPause ? undefined : who('installation:pause');
  return (
    <>
      <p className="mb-3 text-table [&>svg]:mr-2 [&>svg]:align-[-2px]">
        <StateGlyph state={pausedAll ? 'paused' : 'well'} />
        {pausedAll ? <PausedSince {...pausedAll} /> : t('running')}
      </p>
      {pausedAll ? (
        <div className="flex flex-wrap gap-2">
          <Button
            variant="primary"
            disabled={!mayPause}
            title={hint}
            onClick={pauseAllAsked.askToResume}
          >
            {t('resume')}
          </Button>
          <Button disabled={!mayPause} title={hint} onClick={pauseAllAsked.askWhenItEnds}>
            {t('changeEnd')}
          </Button>
        </div>
      ) : (
        <Button disabled={!mayPause} title={hint} onClick={pauseAllAsked.ask}>
          {t('ask')}
        </Button>
      )}
    </>
  );
}

function PausedSince({
  since,
  by,
  reason,
  until,
  answer,
}: NonNullable<InstallationView['pausedAll']>) {
  const t = useTranslations('settings.pause');
  return (
    <>
      {t.rich('paused', {
        by,
        since: () => <AbsoluteTime at={since} />,
        isTimed: String(until !== null),
        until: () => <AbsoluteTime at={until ?? since} />,
        answer,
        b: (chunks: ReactNode) => <b className="font-medium">{chunks}</b>,
      })}
      {reason !== '' && <span className="ml-1.5 text-ink-2">{t('reasonSaid', { reason })}</span>}
    </>
  );
}
