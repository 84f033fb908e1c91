'use client';

import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useClockText } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { IconButton } from '#components/ui/button.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import type { OverviewMenuProps } from './overview-menu.tsx';

const OverviewMenu = dynamic(
  () => import('./overview-menu.tsx').then((file) => file.OverviewMenu),
  { ssr: false },
);

/** The day, the reader's zone, and the menu of acts on the whole installation. */
export function OverviewAside(props: Omit<OverviewMenuProps, 'isOpen' | 'onOpenChange'>) {
  const words = useTranslations('common');
  return (
    <span className="flex items-center gap-2">
      <Today />
      <LaterMenu
        button={
          <IconButton size="small" label={words('more')}>
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        {(state) => <OverviewMenu {...state} {...props} />}
      </LaterMenu>
    </span>
  );
}

function Today() {
  const t = useTranslations('overview');
  const time = useTimeWords();
  const day = useClockText((nowMs) => time.absolute(nowMs, nowMs, 'date'));
  return <span suppressHydrationWarning>{t('today', { day, zone: time.timeZone })}</span>;
}
