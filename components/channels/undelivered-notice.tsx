'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { Notice } from '#components/ui/banner.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { undeliveredQuery } from './channel-queries.ts';

/** Punctual says of itself that it can't reach people. */
export function UndeliveredNotice() {
  const t = useTranslations('channels.notice');
  const locale = useLocale();
  const { data } = useQuery(undeliveredQuery);
  if (!data || data.messages === 0) return null;
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return (
    <Notice
      className="mt-4"
      title={t('undelivered', { count: data.messages, channels: list.format(data.channels) })}
      actions={<TextLink href="/settings/channels">{t('look')}</TextLink>}
    />
  );
}
