'use client';

import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { Banner } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { useLiveState } from './live-provider.tsx';

/** Says that the stream of events is cut, so that nobody takes an old page for the present. */
export function ConnectionBanner() {
  const t = useTranslations('shell');
  const state = useLiveState();
  const path = usePathname();
  if (state === 'reconnecting') {
    return (
      <Banner tone="warn" className="sticky top-0 z-20 phone:top-12">
        {t('reconnecting')}
      </Banner>
    );
  }
  if (state === 'signed_out') {
    return (
      <Banner
        tone="warn"
        className="sticky top-0 z-20 phone:top-12"
        actions={
          <Button asChild size="small">
            <a href={`/sign-in?next=${encodeURIComponent(path)}`} target="_blank" rel="noopener">
              {t('signIn')}
            </a>
          </Button>
        }
      >
        {t('sessionOver')}
      </Banner>
    );
  }
  return null;
}
