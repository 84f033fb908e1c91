'use client';

import { CirclePause, Ellipsis, PackageMinus, PackagePlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { pauseAllAsked } from '#components/installation/pause-all-asked.ts';
import { useClockText } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { IconButton } from '#components/ui/button.tsx';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '#components/ui/menu.tsx';
import type { Samples } from './use-samples.ts';

/** The day and the reader's zone. */
export function Today() {
  const t = useTranslations('overview');
  const time = useTimeWords();
  const day = useClockText((nowMs) => time.absolute(nowMs, nowMs, 'date'));
  return <span suppressHydrationWarning>{t('today', { day, zone: time.timeZone })}</span>;
}

/** Acts on the whole installation. */
export function OverviewMenu({
  samples,
  isPausedAll,
  mayPause,
  mayWrite,
}: {
  samples: Samples;
  isPausedAll: boolean;
  mayPause: boolean;
  mayWrite: boolean;
}) {
  const t = useTranslations('installation');
  const words = useTranslations('common');
  return (
    <Menu>
      <MenuTrigger asChild>
        <IconButton size="small" label={words('more')}>
          <Ellipsis aria-hidden />
        </IconButton>
      </MenuTrigger>
      <MenuContent>
        {!isPausedAll && (
          <MenuItem
            icon={<CirclePause aria-hidden />}
            disabled={!mayPause}
            hint={mayPause ? undefined : t('onlyAdmins')}
            onSelect={pauseAllAsked.ask}
          >
            {t('pauseAll')}
          </MenuItem>
        )}
        {samples.count > 0 ? (
          <MenuItem
            icon={<PackageMinus aria-hidden />}
            disabled={!mayWrite}
            hint={mayWrite ? undefined : t('onlyAdmins')}
            onSelect={() => void samples.remove()}
          >
            {t('samplesRemove')}
          </MenuItem>
        ) : (
          <MenuItem
            icon={<PackagePlus aria-hidden />}
            disabled={!mayWrite}
            hint={mayWrite ? undefined : t('onlyAdmins')}
            onSelect={() => void samples.add()}
          >
            {t('samplesAdd')}
          </MenuItem>
        )}
      </MenuContent>
    </Menu>
  );
}
