'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useAct } from '#components/jobs/use-act.ts';
import { SlotBlocks } from '#components/queues/slot-blocks.tsx';
import { StateWord } from '#components/state/state-word.tsx';
import type { ShownState } from '#components/state/state.ts';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { notify } from '#components/ui/toast.tsx';
import { done } from '#core/outcome.ts';
import type { WorkerSummary } from '#core/workers/workers.ts';
import type { WorkerActions } from './worker-actions.ts';
import { workerList } from './worker-queries.ts';

type Props = {
  workers: readonly WorkerSummary[];
  mayDrain: boolean;
  actions: WorkerActions;
  className?: string | undefined;
};

export function WorkerTable({ workers, mayDrain, actions, className }: Props) {
  const t = useTranslations('workers');
  return (
    <Table className={className}>
      <colgroup className="phone:hidden">
        <col className="w-48" />
        <col className="w-28" />
        <col className="w-56" />
        <col />
        <col className="w-44" />
        <col className="w-24" />
        <col className="w-28" />
        <col className="w-28" />
      </colgroup>
      <TableHead>
        <Th>{t('name')}</Th>
        <Th>{t('state')}</Th>
        <Th>{t('slots')}</Th>
        <Th>{t('runs')}</Th>
        <Th>{t('serves')}</Th>
        <Th title={t('clockHint')}>{t('clock')}</Th>
        <Th>{t('heartbeat')}</Th>
        <Th>
          <span className="sr-only">{t('drain')}</span>
        </Th>
      </TableHead>
      <TableBody>
        {workers.map((worker) => (
          <WorkerRow key={worker.id} worker={worker} mayDrain={mayDrain} actions={actions} />
        ))}
      </TableBody>
    </Table>
  );
}

function WorkerRow({
  worker,
  mayDrain,
  actions,
}: { worker: WorkerSummary } & Omit<Props, 'workers'>) {
  const t = useTranslations('workers');
  const states = useTranslations('states');
  const { state, word } = shownState(worker);
  const isAlive = worker.endedAt === null;
  const label = t('slotsLabel', { used: worker.slotsInUse, slots: worker.slots });
  return (
    <Tr className="h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1">
        <MiddleEllipsis text={worker.name} className="font-mono" />
        <span className="block truncate text-meta text-ink-3">
          {worker.host}, {worker.pid}, {worker.version}
        </span>
      </Td>
      <Td phone="first-end" className="phone:col-start-2">
        <StateWord
          state={state}
          word={word === 'alive' || word === 'silent' ? t(word) : states(word)}
        />
      </Td>
      <Td phone="second" className="phone:col-start-1">
        {isAlive && (
          <>
            <SlotBlocks used={worker.slotsInUse} slots={worker.slots} label={label} />
            <span className="ml-2 text-ink-2" aria-hidden>
              {worker.slotsInUse}/{worker.slots}
            </span>
          </>
        )}
      </Td>
      <Td>
        <RunningNow running={worker.running} />
      </Td>
      <Td>
        <Serves worker={worker} />
      </Td>
      <Td>{isAlive && <ClockOffset ms={worker.clockOffsetMs} />}</Td>
      <Td
        phone="second-end"
        className={cn('phone:col-start-2', worker.isSilent && 'text-time-ink')}
      >
        <RelativeTime at={worker.endedAt ?? worker.heartbeatAt} />
      </Td>
      <Td className="text-right">
        {isAlive && <DrainButton worker={worker} mayDrain={mayDrain} actions={actions} />}
      </Td>
    </Tr>
  );
}

function shownState(worker: WorkerSummary): {
  state: ShownState;
  word: 'alive' | 'silent' | 'draining' | 'stopped' | 'lost';
} {
  if (worker.state === 'active') {
    return worker.isSilent ? { state: 'lost', word: 'silent' } : { state: 'well', word: 'alive' };
  }
  return { state: worker.state, word: worker.state };
}

const SHOWN_RUNS = 3;

function RunningNow({ running }: { running: WorkerSummary['running'] }) {
  const t = useTranslations('workers');
  const words = useTimeWords();
  if (running.length === 0) return <span className="text-ink-3">–</span>;
  return (
    <span className="inline-flex max-w-full gap-3 overflow-hidden">
      {running.slice(0, SHOWN_RUNS).map(({ runId, jobKey, since }) => (
        <Link
          key={runId}
          href={`/runs/${runId}`}
          title={words.absolute(Date.parse(since), Date.parse(since), 'seconds')}
          suppressHydrationWarning
          className="truncate font-mono hover:underline"
        >
          {jobKey}
        </Link>
      ))}
      {running.length > SHOWN_RUNS && (
        <span className="shrink-0 text-ink-3">
          {t('more', { count: running.length - SHOWN_RUNS })}
        </span>
      )}
    </span>
  );
}

function Serves({ worker }: { worker: WorkerSummary }) {
  const t = useTranslations('workers');
  const labels = Object.entries(worker.labels).map(([name, value]) => `${name}=${value}`);
  const serves = worker.queues.length === 0 ? t('servesAll') : worker.queues.join(', ');
  return (
    <>
      <span title={serves}>{serves}</span>
      {[...labels, ...worker.kinds].map((label) => (
        <LabelChip key={label} className="ml-1.5">
          {label}
        </LabelChip>
      ))}
    </>
  );
}

const BAD_OFFSET_MS = 2_000;

function ClockOffset({ ms }: { ms: number }) {
  const t = useTranslations('workers');
  const words = useTimeWords();
  const isBad = Math.abs(ms) > BAD_OFFSET_MS;
  return (
    <span className={cn(isBad && 'text-time-ink')} title={isBad ? t('clockBad') : t('clockHint')}>
      {t('clockOff', { distance: words.duration(Math.abs(ms)) })}
    </span>
  );
}

function DrainButton({
  worker,
  mayDrain,
  actions,
}: {
  worker: WorkerSummary;
  mayDrain: boolean;
  actions: WorkerActions;
}) {
  const t = useTranslations('workers');
  const client = useQueryClient();
  const { act, pending } = useAct<'drain'>();
  const isDraining = worker.state === 'draining';
  const change = async () => {
    const action = isDraining ? actions.takeBack : actions.drain;
    const isDone = await act('drain', async () => {
      const outcome = await action({ workerId: worker.id });
      return outcome.ok ? done(true) : outcome;
    });
    await client.invalidateQueries({ queryKey: workerList.queryKey });
    if (isDone) notify(t(isDraining ? 'takenBack' : 'drained', { name: worker.name }));
  };
  return (
    <Button
      size="small"
      pending={pending !== null}
      disabled={!mayDrain}
      title={
        mayDrain
          ? isDraining && worker.drainRequestedBy
            ? t('draining', { by: worker.drainRequestedBy })
            : undefined
          : t('onlyAdmin')
      }
      onClick={() => void change()}
    >
      {t(isDraining ? 'takeBack' : 'drain')}
    </Button>
  );
}
