'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Notice } from '#components/ui/banner.tsx';
import type { ArchiveStatus } from '#core/history/archive-status.ts';

/** What goes next, and how the archive is that it goes to. */
export function HistoryState({ status }: { status: ArchiveStatus }) {
  const t = useTranslations('settings.history');
  const format = useFormatter();
  const { place, failing, waiting, next, archivedMonths, archivedBytes, latestArchived, restored } =
    status;
  const monthOf = (month: string) =>
    format.dateTime(new Date(`${month}-15T00:00:00Z`), {
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    });
  const b = (text: ReactNode) => <b className="font-semibold text-ink">{text}</b>;
  const at = (instant: string) => () => <AbsoluteTime at={instant} />;
  return (
    <div className="mt-4 flex max-w-[42rem] flex-col gap-2 text-table text-pretty text-ink-2">
      {failing && (
        <Notice tone="fail" title={t('failing', { waiting: waiting.length })}>
          {t.rich('failingWhy', { why: failing.why, since: at(failing.since) })}
        </Notice>
      )}
      {next && (
        <p>
          {t.rich('next', {
            month: monthOf(next.month),
            isArchived: String(place !== null),
            b,
            at: at(next.at),
          })}
        </p>
      )}
      {!failing && waiting.length > 0 && (
        <p>{t('waiting', { count: waiting.length, month: monthOf(waiting[0]!) })}</p>
      )}
      <p>
        {place === null
          ? t('noArchive')
          : t.rich('archive', { place, hasPlace: String(place !== ''), code: asCode })}
      </p>
      {latestArchived && (
        <p>
          {t.rich('archived', {
            count: archivedMonths,
            latest: monthOf(latestArchived),
            size: format.number(Math.max(0.1, archivedBytes / 1e6), {
              style: 'unit',
              unit: 'megabyte',
              maximumFractionDigits: archivedBytes < 1e7 ? 1 : 0,
            }),
            code: asCode,
          })}
        </p>
      )}
      {restored.map(({ month, until }) => (
        <p key={month}>{t.rich('restored', { month: monthOf(month), b, until: at(until) })}</p>
      ))}
    </div>
  );
}

const asCode = (text: ReactNode) => <code className="text-small font-mono break-all">{text}</code>;
