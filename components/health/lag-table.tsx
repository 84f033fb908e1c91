import { useTranslations } from 'next-intl';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import type { HealthView } from '#core/health/read-health.ts';
import type { LagPercentiles } from '#core/health/lag.ts';

type Lag = NonNullable<HealthView['figures']>['lag'];

/** How late ticks start, now and over the day; by Punctual's own doing, and with what limits made them wait. */
export function LagTable({ lag: { now, day } }: { lag: Lag }) {
  const t = useTranslations('health.lag');
  return (
    <section className="mt-8" aria-labelledby="health-lag">
      <SectionHead id="health-lag" title={t('title')} note={t('note')} />
      <Table className="mt-2 max-w-[44rem]" aria-labelledby="health-lag">
        <TableHead>
          <Th>{t('stretch')}</Th>
          <Th numeric className="w-24">
            p50
          </Th>
          <Th numeric className="w-24">
            p99
          </Th>
          <Th numeric className="w-28">
            {t('starts')}
          </Th>
        </TableHead>
        <TableBody>
          <LagRow name={t('nowOwn')} lag={now.own} />
          <LagRow name={t('dayOwn')} lag={day.own} />
          <LagRow name={t('nowAll')} lag={now.all} />
          <LagRow name={t('dayAll')} lag={day.all} />
        </TableBody>
      </Table>
    </section>
  );
}

function LagRow({ name, lag }: { name: string; lag: LagPercentiles }) {
  const t = useTranslations('health.lag');
  const time = useTimeWords();
  return (
    <Tr className="phone:grid-cols-[minmax(0,1fr)_4.5rem_4.5rem]">
      <Td phone="first" className="phone:col-start-1 phone:whitespace-normal">
        {name}
      </Td>
      <Td numeric className="phone:block phone:text-right">
        <span className="text-ink-3 desk:hidden">p50 </span>
        {lag === null ? '–' : time.duration(lag.p50Ms)}
      </Td>
      <Td numeric className="phone:block phone:text-right">
        <span className="text-ink-3 desk:hidden">p99 </span>
        {lag === null ? '–' : time.duration(lag.p99Ms)}
      </Td>
      <Td numeric>{lag === null ? t('none') : t('count', { count: lag.starts })}</Td>
    </Tr>
  );
}
