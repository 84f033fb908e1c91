'use client';

import { CirclePause, PackageMinus, PackagePlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { pauseAllAsked } from '#components/installation/pause-all-asked.ts';
import type { SampleRights, Samples } from '#components/installation/use-samples.ts';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuItem } from '#components/ui/menu.tsx';

export type OverviewMenuProps = LaterMenuState & {
  samples: Samples;
  isPausedAll: boolean;
  mayPause: boolean;
  maySample: SampleRights;
};

/** Acts on the whole installation. */
export function OverviewMenu({
  samples,
  isPausedAll,
  mayPause,
  maySample,
  ...state
}: OverviewMenuProps) {
  const t = useTranslations('installation');
  const words = useTranslations('common');
  const who = useTranslations('whoMay');
  return (
    <AnchoredMenu {...state} label={words('more')}>
      {!isPausedAll && (
        <MenuItem
          icon={<CirclePause aria-hidden />}
          disabled={!mayPause}
          hint={mayPause ? undefined : who('installation:pause')}
          onSelect={pauseAllAsked.ask}
        >
          {t('pauseAll')}
        </MenuItem>
      )}
      {samples.count > 0 ? (
        <MenuItem
          icon={<PackageMinus aria-hidden />}
          disabled={!maySample.remove}
          hint={maySample.remove ? undefined : who('job:write')}
          onSelect={() => void samples.remove()}
        >
          {t('samplesRemove')}
        </MenuItem>
      ) : (
        <MenuItem
          icon={<PackagePlus aria-hidden />}
          disabled={!maySample.add}
          hint={maySample.add ? undefined : who('job:write_host')}
          onSelect={() => void samples.add()}
        >
          {t('samplesAdd')}
        </MenuItem>
      )}
    </AnchoredMenu>
  );
}
