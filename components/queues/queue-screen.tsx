'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Plus, SquarePen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { usePageActions } from '#components/shell/commands.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Duration, ElapsedTime } from '#components/time/duration.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button, IconButton } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import type { QueueSummary } from '#core/queues/reads.ts';
import type { QueueActions } from './queue-actions.ts';
import { queueList } from './queue-queries.ts';
import { RunningNow } from './running-now.tsx';
import { SlotBlocks } from './slot-blocks.tsx';

// Asked for when somebody acts, not with the page.
const QueueDialog = dynamic(() => import('./queue-dialog.tsx').then((file) => file.QueueDialog), {
  ssr: false,
});

// Of less interest than what runs and waits, where there isn't room for all.
const wideOnly = 'max-[80rem]:hidden';

/** Is there room? Slots in use, what waits and since when, and the limits. */
export function QueueScreen({ mayWrite, actions }: { mayWrite: boolean; actions: QueueActions }) {
  const t = useTranslations('queues');
  const { data: queues } = useSuspenseQuery(queueList);
  const [edited, setEdited] = useState<QueueSummary | 'new' | null>(null);
  const who = useTranslations('whoMay');
  const hint = mayWrite ? undefined : who('queue:write');
  usePageActions([
    { id: 'new', label: t('new'), isDisabled: !mayWrite, hint, run: () => setEdited('new') },
  ]);
  return (
    <>
      <PageHead
        title={t('title')}
        sentence={<Sentence queues={queues} />}
        actions={
          <Button
            variant="primary"
            icon={<Plus aria-hidden />}
            disabled={!mayWrite}
            title={hint}
            onClick={() => setEdited('new')}
          >
            {t('new')}
          </Button>
        }
      />
      <Table className="mt-5">
        <colgroup className="phone:hidden">
          <col className="w-56 max-[80rem]:w-auto" />
          <col className="w-48 max-[80rem]:w-40" />
          <col className="max-[80rem]:w-44" />
          <col className="w-32 max-[80rem]:w-28" />
          <col className="w-28 max-[80rem]:hidden" />
          <col className="w-20 max-[80rem]:hidden" />
          <col className="w-16 max-[80rem]:hidden" />
          <col className="w-20 max-[80rem]:w-16" />
          <col className="w-12" />
        </colgroup>
        <TableHead>
          <Th>{t('name')}</Th>
          <Th>{t('slots')}</Th>
          <Th>{t('runs')}</Th>
          <Th>{t('waiting')}</Th>
          <Th className={wideOnly}>{t('oldest')}</Th>
          <Th numeric className={wideOnly}>
            {t('timeout')}
          </Th>
          <Th numeric className={wideOnly}>
            {t('jobs')}
          </Th>
          <Th numeric>{t('workers')}</Th>
          <Th>
            <span className="sr-only">{t('edit', { name: '' })}</span>
          </Th>
        </TableHead>
        <TableBody>
          {queues.map((queue) => (
            <QueueRow
              key={queue.name}
              queue={queue}
              mayWrite={mayWrite}
              onEdit={() => setEdited(queue)}
            />
          ))}
        </TableBody>
      </Table>
      {edited !== null && (
        <QueueDialog
          queue={edited === 'new' ? null : edited}
          actions={actions}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

function Sentence({ queues }: { queues: readonly QueueSummary[] }) {
  const t = useTranslations('queues.sentence');
  const rich = { b: (chunks: ReactNode) => <b>{chunks}</b> };
  const running = queues.reduce((sum, queue) => sum + queue.running, 0);
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const unserved = queues.filter((queue) => queue.workers === 0 && queue.jobs > 0);
  if (unserved.length > 0) {
    return (
      <>
        <StateGlyph state="overdue" />
        {t.rich('unserved', { ...rich, queues: unserved.map(({ name }) => name).join(', ') })}
      </>
    );
  }
  if (waiting === 0) {
    return (
      <>
        <StateGlyph state="well" />
        {t.rich('calm', { ...rich, running })}
      </>
    );
  }
  const held = queues.filter((queue) => queue.waiting > 0).length;
  return (
    <>
      <StateGlyph state="queued" />
      {t.rich('waiting', { ...rich, running, waiting, queues: held })}
    </>
  );
}

function QueueRow({
  queue,
  mayWrite,
  onEdit,
}: {
  queue: QueueSummary;
  mayWrite: boolean;
  onEdit: () => void;
}) {
  const t = useTranslations('queues');
  const who = useTranslations('whoMay');
  const isFull = queue.running >= queue.maxRunning && queue.waiting > 0;
  const slots = { running: queue.running, limit: queue.maxRunning };
  return (
    <Tr className="h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1">
        <Link
          href={`/jobs?queue=${queue.name}`}
          className="block font-mono break-words whitespace-normal hover:underline"
        >
          {queue.name}
        </Link>
        <span className="block truncate text-meta text-ink-3" title={queue.description}>
          {queue.description}
        </span>
      </Td>
      <Td phone="second" className="phone:col-start-1 phone:pt-1">
        <Link
          href={`/runs?queue=${queue.name}&state=running`}
          className="hover:underline phone:inline-block phone:leading-11"
        >
          <SlotBlocks
            used={queue.running}
            slots={queue.maxRunning}
            label={t('slotsLabel', slots)}
          />
          <span className="ml-2 text-ink-2" aria-hidden>
            {t('slotsOf', slots)}
          </span>
        </Link>
        {queue.rate && (
          <RateWords rate={queue.rate} overAt={queue.waiting > 0 ? queue.rateOverAt : null} />
        )}
      </Td>
      <Td
        phone="second"
        className={cn('phone:col-start-1 phone:row-start-3', queue.running === 0 && 'phone:hidden')}
      >
        <RunningNow items={queue.runningNow} count={queue.running} />
      </Td>
      <Td
        phone="second"
        className={cn('phone:col-start-1 phone:row-start-4', isFull && 'text-time-ink')}
      >
        {queue.isMoreWaiting
          ? t('waitingMore', { waiting: queue.waiting })
          : t('waitingOf', { waiting: queue.waiting, limit: queue.maxWaiting })}
        <span className="ml-1 desk:hidden">{t('waitOnPhone')}</span>
        {queue.oldestWaitSince && (
          <span className="text-meta min-[80rem]:hidden phone:ml-1 max-[80rem]:desk:block">
            <ElapsedTime since={queue.oldestWaitSince} />
          </span>
        )}
        {queue.held > 0 && (
          <span className="block text-meta text-ink-3">{t('held', { held: queue.held })}</span>
        )}
      </Td>
      <Td className={cn(wideOnly, isFull && 'text-time-ink')}>
        {queue.oldestWaitSince ? (
          <ElapsedTime since={queue.oldestWaitSince} />
        ) : (
          <span className="text-ink-3">–</span>
        )}
      </Td>
      <Td numeric className={wideOnly}>
        <Duration ms={queue.defaultTimeoutMs} />
      </Td>
      <Td numeric className={wideOnly}>
        {queue.jobs}
      </Td>
      <Td numeric className={cn(queue.workers === 0 && queue.jobs > 0 && 'text-time-ink')}>
        {queue.workers === 0 ? t('noWorker') : queue.workers}
      </Td>
      <Td phone="first-end" className="py-0 text-right phone:col-start-2 phone:row-span-2">
        <IconButton
          size="small"
          label={t('edit', { name: queue.name })}
          title={mayWrite ? undefined : who('queue:write')}
          disabled={!mayWrite}
          onClick={onEdit}
        >
          <SquarePen aria-hidden />
        </IconButton>
      </Td>
    </Tr>
  );
}

/** The queue's rate; while it keeps runs waiting, when the next may start. */
function RateWords({
  rate,
  overAt,
}: {
  rate: NonNullable<QueueSummary['rate']>;
  overAt: string | null;
}) {
  const t = useTranslations('queues');
  const { duration } = useTimeWords();
  return (
    <span className={cn('block text-meta', overAt ? 'text-time-ink' : 'text-ink-3')}>
      {t('rate', { starts: rate.starts, per: duration(rate.perMs) })}
      {overAt && (
        <span className="block">
          {t.rich('rateOver', { at: () => <AbsoluteTime at={overAt} form="seconds" /> })}
        </span>
      )}
    </span>
  );
}
