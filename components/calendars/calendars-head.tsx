'use client';

import { useTranslations } from 'next-intl';
import { PageHead, type PageHeadProps } from '#components/shell/page-head.tsx';
import { TabLinks } from '#components/ui/tab-links.tsx';

/** What stands above both parts of the calendars: the days that count, and the windows in which nothing starts. */
export function CalendarsHead({ sentence, actions }: Pick<PageHeadProps, 'sentence' | 'actions'>) {
  const t = useTranslations('calendars');
  return (
    <>
      <PageHead title={t('title')} sentence={sentence} actions={actions} />
      <TabLinks
        label={t('parts')}
        tabs={[
          { href: '/calendars', label: t('businessDays') },
          { href: '/calendars/blackouts', label: t('blackouts') },
        ]}
        className="mt-2"
      />
    </>
  );
}
