'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { ForecastView } from '#core/forecast/read-forecast.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Duration } from '#components/time/duration.tsx';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import type { SpreadActions } from './spread-actions.ts';

const SpreadDialog = dynamic(
  () => import('./spread-dialog.tsx').then((file) => file.SpreadDialog),
  { ssr: false },
);

type Worst = ForecastView['worst'][number];

const SHOWN_KEYS = 3;

/** The minutes in which jobs of a queue start together, and the way to take them apart. */
export function WorstTable({
  forecast,
  queue,
  mayWrite,
  actions,
}: {
  forecast: ForecastView;
  queue: string | null;
  mayWrite: boolean;
  actions: SpreadActions;
}) {
  const t = useTranslations('forecast');
  const [asked, setAsked] = useState<Worst | null>(null);
  const worst = forecast.worst.filter((minute) => queue === null || minute.queue === queue);
  return (
    <section aria-labelledby="worst" className="mt-8">
      <SectionHead id="worst" title={t('worst')} note={t('worstNote')} className="pb-1" />
      {worst.length === 0 ? (
        <p className="mt-1 border-y border-line py-4 text-body text-ink-2">{t('worstEmpty')}</p>
      ) : (
        <Table bleed={false} aria-label={t('worst')}>
          <TableHead>
            <Th className="w-48 max-[80rem]:w-36">{t('meets.at')}</Th>
            <Th className="w-28 max-[80rem]:w-24">{t('meets.queue')}</Th>
            <Th numeric className="w-28 max-[80rem]:w-16">
              {t('meets.jobs')}
            </Th>
            <Th className="w-60 pl-6 max-[80rem]:w-40">{t('meets.wait')}</Th>
            <Th>{t('meets.who')}</Th>
            <Th className="w-36 max-[80rem]:w-32">
              <span className="sr-only">{t('meets.spread')}</span>
            </Th>
          </TableHead>
          <TableBody>
            {worst.map((minute) => (
              <MinuteRow
                key={`${minute.queue} ${minute.at}`}
                minute={minute}
                mayWrite={mayWrite}
                onSpread={() => setAsked(minute)}
              />
            ))}
          </TableBody>
        </Table>
      )}
      {asked && (
        <SpreadDialog
          minute={{ queue: asked.queue, at: asked.at }}
          actions={actions}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

function MinuteRow({
  minute,
  mayWrite,
  onSpread,
}: {
  minute: Worst;
  mayWrite: boolean;
  onSpread: () => void;
}) {
  const t = useTranslations('forecast');
  const who = useTranslations('whoMay');
  const words = useTimeWords();
  const clock = useClock();
  const more = minute.jobs - Math.min(SHOWN_KEYS, minute.named.length);
  return (
    <Tr className="phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td className="phone:col-start-1 phone:row-start-1 phone:block">
        {minute.times > 1 && (
          <span className="text-ink-3">{t('meets.times', { times: minute.times })} </span>
        )}
        <AbsoluteTime at={minute.at} />
      </Td>
      <Td className="font-mono text-ink-2 phone:col-start-1 phone:row-start-2 phone:block phone:text-meta">
        {minute.queue}
        <span className="ml-2 font-sans desk:hidden">
          {t('starts', { count: minute.starts })}
          {minute.waitMs >= 1_000 && (
            <span className="ml-2 text-fail-ink">
              {t('longestWait', { wait: words.duration(minute.waitMs) })}
            </span>
          )}
        </span>
      </Td>
      <Td numeric title={t('starts', { count: minute.starts })}>
        {t('bucket.count', { count: minute.jobs })}
      </Td>
      <Td
        className={cn(
          'desk:pl-6',
          minute.waitMs >= 1_000 ? 'font-medium text-fail-ink' : 'text-ink-3',
        )}
      >
        {minute.waitMs >= 1_000 ? <Duration ms={minute.waitMs} /> : t('meets.none')}
        {minute.longWaitMs >= 1_000 && minute.longWaitMs > minute.waitMs && (
          <span className="font-normal text-ink-3">
            {', '}
            {t('meets.orLong', { wait: words.duration(minute.longWaitMs) })}
          </span>
        )}
      </Td>
      <Td className="text-ink-2">
        {minute.named.slice(0, SHOWN_KEYS).map(({ id, key }, index) => (
          <span key={id}>
            {index > 0 && ', '}
            <Link href={`/jobs/${key}`} className="font-mono hover:underline">
              {key}
            </Link>
          </span>
        ))}
        {more > 0 && ` ${t('meets.more', { count: more })}`}
      </Td>
      <Td className="py-0 text-right phone:col-start-2 phone:row-span-2 phone:row-start-1 phone:block">
        <Button
          size="small"
          disabled={!mayWrite}
          title={mayWrite ? undefined : who('job:write_when')}
          aria-label={t('meets.spreadOf', {
            at: words.absolute(Date.parse(minute.at), clock.atFirst),
            queue: minute.queue,
          })}
          onClick={onSpread}
        >
          {t('meets.spread')}
        </Button>
      </Td>
    </Tr>
  );
}
