import { useTranslations } from 'next-intl';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { levelOf } from '#core/health/check.ts';
import { checkOf } from '#core/health/checks.ts';
import type { QueueFigures } from '#core/health/figures.ts';
import { levelLook } from './level-look.ts';

/** How deep each queue is, and how long its oldest run has waited. */
export function QueueDepthTable({ queues }: { queues: readonly QueueFigures[] }) {
  const t = useTranslations('health.queues');
  const time = useTimeWords();
  return (
    <section className="mt-8" aria-labelledby="health-queues">
      <SectionHead
        id="health-queues"
        title={t('title')}
        end={<TextLink href="/queues">{t('link')}</TextLink>}
      />
      <Table className="mt-2 max-w-[56rem]" aria-labelledby="health-queues">
        <TableHead>
          <Th>{t('name')}</Th>
          <Th numeric>{t('running')}</Th>
          <Th numeric>{t('waiting')}</Th>
          <Th numeric>{t('oldest')}</Th>
        </TableHead>
        <TableBody>
          {queues.map((queue) => {
            const { ink } = levelLook[levelOf(checkOf('queue_depth'), fullness(queue))];
            return (
              <Tr key={queue.name} dense className="phone:grid-cols-[minmax(0,1fr)_auto]">
                <Td phone="first" className="font-mono phone:col-start-1">
                  {queue.name}
                </Td>
                <Td numeric>{t('of', { number: queue.running, most: queue.maxRunning })}</Td>
                <Td phone="first-end" numeric className={`phone:col-start-2 ${ink}`}>
                  {t('of', { number: queue.waiting, most: queue.maxWaiting })}
                </Td>
                <Td phone="second" numeric className="phone:col-start-1 phone:text-left">
                  {queue.oldestDueMs === null ? (
                    <span className="text-ink-3">{t('none')}</span>
                  ) : (
                    time.elapsed(queue.oldestDueMs)
                  )}
                </Td>
              </Tr>
            );
          })}
        </TableBody>
      </Table>
    </section>
  );
}

const fullness = ({ waiting, maxWaiting }: QueueFigures) =>
  maxWaiting === 0 ? 0 : waiting / maxWaiting;
