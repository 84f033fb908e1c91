import { useTranslations } from 'next-intl';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { levelOf } from '#core/health/check.ts';
import { checkOf } from '#core/health/checks.ts';
import type { HealthView } from '#core/health/read-health.ts';
import { levelLook } from './level-look.ts';

type WorkerView = NonNullable<HealthView['figures']>['workers'][number];

/** Each worker's clock and lease. */
export function WorkerHealthTable({ workers }: { workers: readonly WorkerView[] }) {
  const t = useTranslations('health.workers');
  if (workers.length === 0) return null;
  return (
    <section className="mt-8" aria-labelledby="health-each-worker">
      <SectionHead
        id="health-each-worker"
        title={t('title')}
        note={workers.length}
        end={<TextLink href="/workers">{t('link')}</TextLink>}
      />
      <Table className="mt-2" aria-labelledby="health-each-worker">
        <TableHead>
          <Th>{t('name')}</Th>
          <Th numeric>{t('clock')}</Th>
          <Th numeric>{t('heard')}</Th>
          <Th numeric>{t('lease')}</Th>
          <Th numeric>{t('up')}</Th>
          <Th numeric>{t('version')}</Th>
        </TableHead>
        <TableBody>
          {workers.map((worker) => (
            <WorkerRow key={worker.id} worker={worker} />
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

function WorkerRow({ worker }: { worker: WorkerView }) {
  const t = useTranslations('health.workers');
  const time = useTimeWords();
  const { leaseLeftMs, leaseMs, clockOffsetMs } = worker;
  const isOver = leaseLeftMs <= 0;
  const clock = levelLook[levelOf(checkOf('clocks'), Math.abs(clockOffsetMs))];
  const used = levelOf(checkOf('leases'), 1 - Math.max(0, leaseLeftMs) / leaseMs);
  const lease = levelLook[isOver ? 'bad' : used];
  return (
    <Tr className="phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1">
        <MiddleEllipsis text={worker.name} className="font-mono" />
      </Td>
      <Td phone="second" numeric className={cn('phone:col-start-1 phone:text-left', clock.ink)}>
        {t('offset', { distance: time.duration(Math.abs(clockOffsetMs)) })}
      </Td>
      <Td numeric>{t('ago', { length: time.elapsed(worker.heardMsAgo) })}</Td>
      <Td
        phone="first-end"
        numeric
        className={cn('phone:col-start-2 phone:row-start-1', lease.ink)}
      >
        {isOver
          ? t('leaseOver')
          : t('leaseOf', {
              left: time.elapsed(leaseLeftMs),
              whole: time.elapsed(Math.round(leaseMs / 1_000) * 1_000),
            })}
      </Td>
      <Td numeric>{time.elapsed(worker.upMs)}</Td>
      <Td numeric>{worker.version}</Td>
    </Tr>
  );
}
