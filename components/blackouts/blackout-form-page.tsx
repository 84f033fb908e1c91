'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PageHead } from '#components/shell/page-head.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { ProblemState } from '#components/ui/problem-state.tsx';
import { BlackoutForm, type BlackoutFormProps } from './blackout-form.tsx';
import { blackoutQuery } from './blackout-queries.ts';

type Common = Pick<BlackoutFormProps, 'zones' | 'actions'>;

export function NewBlackoutPage(common: Common) {
  const t = useTranslations('blackouts');
  return (
    <>
      <PageHead crumbs={[{ label: t('title'), href: '/calendars/blackouts' }]} title={t('new')} />
      <BlackoutForm saved={null} newestVersion={null} {...common} />
    </>
  );
}

/** Edits what was saved when the page opened; tells when somebody has saved since. */
export function EditBlackoutPage({ id, ...common }: Common & { id: number }) {
  const t = useTranslations('blackouts');
  const { data: current } = useSuspenseQuery(blackoutQuery(id));
  const [first] = useState(current);
  return (
    <>
      <PageHead
        crumbs={[{ label: t('title'), href: '/calendars/blackouts' }]}
        title={first.name}
        sentence={t('by', { name: first.createdBy })}
      />
      {current.version > first.version && (
        <Notice className="mt-4" title={t('newerTitle')}>
          {t('newerHint')}
        </Notice>
      )}
      <BlackoutForm saved={first} newestVersion={current.version} {...common} />
    </>
  );
}

/** Where the form would stand, for whoever may not use it. */
export function BlackoutRefused() {
  const t = useTranslations('blackouts');
  const who = useTranslations('whoMay');
  return (
    <ProblemState
      heading="h1"
      tone="locked"
      title={t('refusedTitle')}
      meaning={who('blackout:write')}
      actions={
        <Button asChild>
          <Link href="/calendars/blackouts">{t('toList')}</Link>
        </Button>
      }
    />
  );
}
