'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import type { ToldState } from '#core/incidents/read-incident.ts';
import { jobIncidentQuery } from './channel-queries.ts';

/** Of a job that is in trouble: who has been told, and when. */
export function IncidentLine({ jobId }: { jobId: number }) {
  const t = useTranslations('channels.job');
  const locale = useLocale();
  const { data: incident } = useQuery(jobIncidentQuery(jobId));
  if (!incident || incident.told.length === 0) return null;
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const of = (state: ToldState) => {
    const told = incident.told.filter((one) => one.state === state);
    if (told.length === 0) return null;
    return { at: told[0]!.at, channels: list.format(told.map(({ channel }) => channel)) };
  };
  const sent = of('sent');
  const waiting = of('waiting');
  const retrying = of('retrying');
  const failed = of('failed');
  return (
    <p role="note" aria-label={t('region')} className="mt-1 text-table text-ink-2">
      {sent &&
        t.rich('told', {
          channels: sent.channels,
          at: () => <AbsoluteTime at={sent.at ?? incident.since} />,
        })}{' '}
      {waiting && t('waiting', { channels: waiting.channels })}{' '}
      {retrying && (
        <span className="text-time-ink">{t('retrying', { channels: retrying.channels })}</span>
      )}{' '}
      {failed && (
        <span className="text-fail-ink">{t('failed', { channels: failed.channels })}</span>
      )}
    </p>
  );
}
