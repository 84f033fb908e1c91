'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { jobIncidentQuery } from './channel-queries.ts';

/** Of a job that is in trouble: who has been told, and when. */
export function IncidentLine({ jobId }: { jobId: number }) {
  const t = useTranslations('channels.job');
  const locale = useLocale();
  const { data: incident } = useQuery(jobIncidentQuery(jobId));
  if (!incident || incident.told.length === 0) return null;
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const of = (state: 'sent' | 'waiting' | 'failed') => {
    const told = incident.told.filter((one) => one.state === state);
    const channels = list.format(told.map(({ channel }) => channel));
    return { told, words: { channels, count: told.length } };
  };
  const sent = of('sent');
  const waiting = of('waiting');
  const failed = of('failed');
  const at = sent.told[0]?.at;
  return (
    <p role="note" aria-label={t('region')} className="mt-1 text-table text-ink-2">
      {at && t.rich('told', { ...sent.words, at: () => <AbsoluteTime at={at} /> })}{' '}
      {waiting.told.length > 0 && t('waiting', waiting.words)}{' '}
      {failed.told.length > 0 && <span className="text-fail-ink">{t('failed', failed.words)}</span>}
    </p>
  );
}
