import { useTranslations } from 'next-intl';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { cn } from '#components/ui/cn.ts';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { levelOf } from '#core/health/check.ts';
import { checkOf } from '#core/health/checks.ts';
import type { DutyView } from '#core/health/read-health.ts';
import { levelLook } from './level-look.ts';

/** The passes of each duty, of all workers together; what is late comes first. */
export function DutyTable({ duties }: { duties: readonly DutyView[] }) {
  const t = useTranslations('health.duties');
  if (duties.length === 0) return null;
  return (
    <section className="mt-8" aria-labelledby="health-duties">
      <SectionHead id="health-duties" title={t('title')} note={t('note')} />
      <Table className="mt-2" aria-labelledby="health-duties">
        <TableHead>
          <Th>{t('name')}</Th>
          <Th numeric>{t('passed')}</Th>
          <Th numeric>{t('took')}</Th>
          <Th numeric>{t('late')}</Th>
          <Th numeric>{t('errors')}</Th>
          <Th>{t('failing')}</Th>
        </TableHead>
        <TableBody>
          {duties.map((duty) => (
            <DutyRow key={duty.name} duty={duty} />
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

function DutyRow({ duty }: { duty: DutyView }) {
  const t = useTranslations('health.duties');
  const time = useTimeWords();
  const { ink } = levelLook[levelOf(checkOf('duties'), duty.lateMs)];
  const failing = duty.failingOn.join(', ');
  return (
    <Tr dense className="phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="font-mono phone:col-start-1">
        {duty.name}
      </Td>
      <Td phone="first-end" numeric className="phone:col-start-2">
        {t('ago', { length: time.elapsed(duty.passedMsAgo) })}
      </Td>
      <Td phone="second" numeric className="phone:col-start-1 phone:text-left">
        <span className="desk:hidden">{t('tookOnPhone')} </span>
        {time.duration(duty.tookMs)}
      </Td>
      <Td numeric className={ink}>
        {duty.lateMs < 1_000 ? <span className="text-ink-3">–</span> : time.elapsed(duty.lateMs)}
      </Td>
      <Td
        phone="second-end"
        numeric
        className={cn('phone:col-start-2', duty.errors === 0 && 'phone:hidden')}
      >
        {duty.errors}
        <span className="desk:hidden"> {t('errorsOnPhone')}</span>
      </Td>
      <Td phone={failing === '' ? 'hidden' : 'second'} className="text-fail-ink">
        <span className="block truncate" title={failing}>
          {failing}
        </span>
      </Td>
    </Tr>
  );
}
