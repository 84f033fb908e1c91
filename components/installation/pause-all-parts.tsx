'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { StandingAnswer as Answer } from '#core/jobs/resume-answer.ts';
import type { Refusal } from '#core/outcome.ts';
import type { ShellState } from '#core/overview/shell.ts';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { useAct } from '#components/shell/use-act.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { notify } from '#components/ui/toast.tsx';
import { pauseAllAsked } from './pause-all-asked.ts';

export type PauseAllActions = Pick<
  InstallationActions,
  'pauseEverything' | 'resumeEverything' | 'changePauseEnd'
>;

export type PauseAllProps = {
  /** Undefined: not known yet. */
  paused: ShellState['pausedAll'] | undefined;
  mayPause: boolean;
  actions: PauseAllActions;
};

type StandingAnswer = z.input<typeof Answer>;

// Asked for when somebody acts, not with the banner.
const PauseAllDialog = dynamic(
  () => import('./pause-all-dialog.tsx').then((file) => file.PauseAllDialog),
  { ssr: false },
);

const PauseAllEndDialog = dynamic(
  () => import('./pause-all-end-dialog.tsx').then((file) => file.PauseAllEndDialog),
  { ssr: false },
);

const ResumeDialog = dynamic(
  () => import('#components/pauses/resume-dialog.tsx').then((file) => file.ResumeDialog),
  { ssr: false },
);

/** The banner while everything is paused, and the dialog that was asked for. */
export function PauseAllParts({
  paused,
  mayPause,
  actions,
  asked,
}: PauseAllProps & { asked: ReturnType<typeof pauseAllAsked.get> }) {
  const t = useTranslations('installation');
  const said = useTranslations('pauses');
  const who = useTranslations('whoMay');
  const client = useQueryClient();
  const { act, pending } = useAct<'resume'>();

  const resume = async (
    answer: StandingAnswer = { rule: 'skip' },
    onRefused?: (refusal: Refusal) => void,
  ) => {
    const done = await act('resume', () => actions.resumeEverything({ answer }), onRefused);
    await Promise.all([
      client.invalidateQueries({ queryKey: shellQuery.queryKey }),
      client.invalidateQueries({ queryKey: ['installation'] }),
    ]);
    if (done) notify(done.runs > 0 ? said('resumedAll', { runs: done.runs }) : t('resumed'));
    return done !== null;
  };

  return (
    <>
      {paused && (
        <Banner
          tone="warn"
          className="sticky top-0 z-20 phone:top-12"
          actions={
            <Button
              size="small"
              pending={pending !== null}
              disabled={!mayPause}
              title={mayPause ? undefined : who('installation:pause')}
              onClick={pauseAllAsked.askToResume}
            >
              {t('resume')}
            </Button>
          }
        >
          {t.rich('isPaused', {
            b: (words: ReactNode) => <b className="font-medium">{words}</b>,
            since: () => <AbsoluteTime at={paused.since} />,
            by: paused.by,
            hasReason: String(paused.reason !== ''),
            reason: paused.reason,
            isTimed: String(paused.until !== null),
            until: () => <AbsoluteTime at={paused.until ?? paused.since} />,
            answer: paused.answer,
          })}
        </Banner>
      )}
      {asked === 'resume' && paused && (
        <ResumeDialog
          jobs={null}
          onResume={(answer, onRefused) =>
            answer.rule === 'pick' ? Promise.resolve(false) : resume(answer, onRefused)
          }
          onClose={pauseAllAsked.close}
        />
      )}
      {asked === 'end' && paused && (
        <PauseAllEndDialog
          paused={paused}
          changePauseEnd={actions.changePauseEnd}
          onClose={pauseAllAsked.close}
        />
      )}
      {asked === 'pause' && !paused && (
        <PauseAllDialog
          pauseEverything={actions.pauseEverything}
          onPaused={() => {
            void client.invalidateQueries({ queryKey: shellQuery.queryKey });
            notify(t('paused'), { undo: { label: t('resume'), run: () => void resume() } });
          }}
          onClose={pauseAllAsked.close}
        />
      )}
    </>
  );
}
