'use client';

import { useQueryClient } from '@tanstack/react-query';
import { CirclePause, CirclePlay } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useSyncExternalStore, type ReactNode } from 'react';
import type { ShellState } from '#core/overview/shell.ts';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { usePageActions } from '#components/shell/commands.ts';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { useAct } from '#components/shell/use-act.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { notify } from '#components/ui/toast.tsx';
import { pauseAllAsked } from './pause-all-asked.ts';

export type PauseAllActions = Pick<InstallationActions, 'pauseEverything' | 'resumeEverything'>;

// Asked for when somebody acts, not with every page.
const PauseAllDialog = dynamic(
  () => import('./pause-all-dialog.tsx').then((file) => file.PauseAllDialog),
  { ssr: false },
);

/**
 * "Pause everything", on every page: the banner while it lasts, the acts in the palette, and the dialog that asks for
 * the reason (see `pauseAllAsked`, which any page may open).
 */
export function PauseAll({
  paused,
  mayPause,
  actions,
}: {
  /** Undefined: not known yet. */
  paused: ShellState['pausedAll'] | undefined;
  mayPause: boolean;
  actions: PauseAllActions;
}) {
  const t = useTranslations('installation');
  const isAsked = useSyncExternalStore(pauseAllAsked.subscribe, pauseAllAsked.get, () => false);
  const client = useQueryClient();
  const { act, pending } = useAct<'resume'>();

  const resume = async () => {
    const done = await act('resume', actions.resumeEverything);
    await client.invalidateQueries({ queryKey: shellQuery.queryKey });
    if (done) notify(t('resumed'));
  };

  usePageActions(
    paused === undefined
      ? []
      : [
          {
            id: 'pause-all',
            label: t(paused ? 'resumeAll' : 'pauseAll'),
            icon: paused ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />,
            isDisabled: !mayPause,
            hint: mayPause ? undefined : t('onlyAdmins'),
            run: paused ? () => void resume() : pauseAllAsked.ask,
          },
        ],
  );

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
              title={mayPause ? undefined : t('onlyAdmins')}
              onClick={() => void resume()}
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
          })}
        </Banner>
      )}
      {isAsked && !paused && (
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
