'use client';

import { CirclePause, CirclePlay } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useSyncExternalStore } from 'react';
import { usePageActions } from '#components/shell/commands.ts';
import { nothing } from '#components/ui/nothing.ts';
import { pauseAllAsked } from './pause-all-asked.ts';
import type { PauseAllProps } from './pause-all-parts.tsx';

// Most pages are never opened while everything is paused, and few people ever ask for it.
const PauseAllParts = dynamic(
  () => import('./pause-all-parts.tsx').then((file) => file.PauseAllParts),
  { loading: nothing },
);

/**
 * "Pause everything", on every page: the banner while it lasts, the acts in the palette, and the dialogs that ask for
 * the reason and for what becomes of the ticks (see `pauseAllAsked`, which any page may open).
 */
export function PauseAll(props: PauseAllProps) {
  const { paused, mayPause } = props;
  const t = useTranslations('installation');
  const who = useTranslations('whoMay');
  const asked = useSyncExternalStore(pauseAllAsked.subscribe, pauseAllAsked.get, () => null);
  usePageActions(
    paused === undefined
      ? []
      : [
          {
            id: 'pause-all',
            label: t(paused ? 'resumeAll' : 'pauseAll'),
            icon: paused ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />,
            isDisabled: !mayPause,
            hint: mayPause ? undefined : who('installation:pause'),
            run: paused ? pauseAllAsked.askToResume : pauseAllAsked.ask,
          },
        ],
  );

  return paused || asked ? <PauseAllParts {...props} asked={asked} /> : null;
}
