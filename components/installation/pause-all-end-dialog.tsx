'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { PauseEndDialog } from '#components/pauses/pause-end-dialog.tsx';
import type { GivenEnd } from '#components/pauses/pause-end.ts';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { useCarryOut } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { notify } from '#components/ui/toast.tsx';
import type { PausedAll } from '#core/installation/read-installation.ts';
import type { Refusal } from '#core/outcome.ts';

/** When the pause of everything ends by itself, and what runs then. */
export function PauseAllEndDialog({
  paused,
  changePauseEnd,
  onClose,
}: {
  paused: PausedAll;
  changePauseEnd: InstallationActions['changePauseEnd'];
  onClose: () => void;
}) {
  const t = useTranslations('pauses');
  const client = useQueryClient();
  const carryOut = useCarryOut();
  const words = useTimeWords();
  const clock = useClock();
  const save = async (end: GivenEnd, onRefused: (refusal: Refusal) => void) => {
    const done = await carryOut(() => changePauseEnd({ end }), onRefused);
    await Promise.all([
      client.invalidateQueries({ queryKey: shellQuery.queryKey }),
      client.invalidateQueries({ queryKey: ['installation'] }),
    ]);
    if (!done) return false;
    notify(
      end === null
        ? t('endTaken')
        : t('endSaved', { at: words.absolute(Date.parse(end.until), clock.now()) }),
    );
    return true;
  };
  const { until, answer: rule } = paused;
  const answer = rule === 'skip' ? { rule } : { rule, spreadMinutes: 0 };
  const end = until === null ? null : { until, answer };
  return <PauseEndDialog end={end} onSave={save} onClose={onClose} />;
}
