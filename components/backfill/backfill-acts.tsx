'use client';

import { Pause, Play, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { BackfillDetail } from '#core/backfill/read-backfill.ts';
import { usePageActions } from '#components/shell/commands.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { BackfillActions } from './backfill-view.ts';

const CancelBackfillDialog = dynamic(
  () => import('./cancel-dialog.tsx').then((file) => file.CancelBackfillDialog),
  { ssr: false },
);
const RateDialog = dynamic(() => import('./rate-dialog.tsx').then((file) => file.RateDialog), {
  ssr: false,
});

/** What one may do with a backfill: stop it, let it go on, end it, change its rate; once it is over, run the rest. */
export function BackfillActs({
  backfill,
  mayChange,
  actions,
}: {
  backfill: BackfillDetail;
  mayChange: boolean;
  actions: BackfillActions;
}) {
  const t = useTranslations('backfill');
  const who = useTranslations('whoMay');
  const [asked, setAsked] = useState<'cancel' | 'rate' | null>(null);
  const { act, pending } = useAct<'toggle'>();
  const { id, state, jobKey } = backfill;
  const isOver = backfill.endedAt !== null;
  const isPaused = state === 'paused';
  const hint = mayChange ? undefined : who('job:trigger');
  const canToggle = isPaused || !backfill.isAllMade;

  async function toggle() {
    const done = await act('toggle', () =>
      isPaused ? actions.goOnWithBackfill({ id }) : actions.pauseBackfill({ id }),
    );
    if (done) notify(t(isPaused ? 'goesOn' : 'pausedNote', { id }));
  }

  usePageActions(
    isOver || !canToggle
      ? []
      : [
          {
            id: 'pause',
            label: t(isPaused ? 'goOn' : 'pause'),
            keys: 'p',
            isDisabled: !mayChange,
            hint,
            run: () => void toggle(),
          },
        ],
  );

  if (isOver) {
    const hasRest = (backfill.runs.succeeded ?? 0) < backfill.expected;
    const rest = new URLSearchParams({ from: backfill.from, to: backfill.to });
    return (
      <Button asChild>
        <Link href={`/jobs/${jobKey}/backfill?${rest}`}>
          <RotateCcw aria-hidden />
          {t(hasRest ? 'again' : 'another')}
        </Link>
      </Button>
    );
  }
  return (
    <>
      <Button disabled={!mayChange} title={hint} onClick={() => setAsked('rate')}>
        {t('changeRate')}
      </Button>
      <Button disabled={!mayChange} title={hint} onClick={() => setAsked('cancel')}>
        {t('cancel')}
      </Button>
      {canToggle && (
        <Button
          variant={isPaused ? 'primary' : 'plain'}
          icon={isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
          pending={pending === 'toggle'}
          disabled={!mayChange}
          title={hint}
          onClick={() => void toggle()}
        >
          {t(isPaused ? 'goOn' : 'pause')}
        </Button>
      )}
      {asked === 'cancel' && (
        <CancelBackfillDialog
          backfill={backfill}
          cancelBackfill={actions.cancelBackfill}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'rate' && (
        <RateDialog
          backfill={backfill}
          changeBackfillRate={actions.changeBackfillRate}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
