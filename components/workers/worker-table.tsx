'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { RunningNow } from '#components/queues/running-now.tsx';
import { SlotBlocks } from '#components/queues/slot-blocks.tsx';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { StateWord } from '#components/state/state-word.tsx';
import type { ShownState } from '#components/state/state.ts';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { WorkerSummary } from '#core/workers/workers.ts';
import type { WorkerActions } from './worker-actions.ts';
import { workerList } from './worker-queries.ts';

// Below that a long row of slots leaves no room for what runs.
const narrow = 'desk:max-[80rem]:w-10 desk:max-[80rem]:overflow-hidden';

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
        <col className="w-52 max-[80rem]:w-42" />
        <col className="w-36 max-[80rem]:w-22" />
        <col className="w-44 max-[80rem]:w-28" />
        <col />
        <col className="w-56 max-[80rem]:w-32" />
        <col className="w-24 max-[80rem]:hidden" />
        <col className="w-28 max-[80rem]:w-24" />
      </colgroup>
      <TableHead>
        <Th>{t('name')}</Th>
        <Th>{t('state')}</Th>
        <Th>{t('slots')}</Th>
        <Th>{t('runs')}</Th>
        <Th>{t('serves')}</Th>
        <Th title={t('clockHint')} className="max-[80rem]:hidden">
          {t('clock')}
        </Th>
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
    <Tr className="h-14 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1">
        <MiddleEllipsis text={worker.name} className="font-mono" />
        <span className="block truncate text-meta text-ink-3">
          {t('whereabouts', {
            host: worker.host,
            pid: String(worker.pid),
            version: worker.version,
          })}
        </span>
      </Td>
      <Td phone="first-end" className="phone:col-start-2">
        <StateWord
          state={state}
          word={word === 'alive' || word === 'silent' ? t(word) : states(word)}
        />
        <span
          className={cn('block text-meta text-ink-3', worker.isSilent && 'text-time-ink')}
          title={t('heartbeat')}
        >
          <RelativeTime at={worker.endedAt ?? worker.heartbeatAt} />
        </span>
      </Td>
      <Td phone="second" className={cn('phone:col-start-1', !isAlive && 'phone:hidden')}>
        {isAlive && (
          <>
            <SlotBlocks
              used={worker.slotsInUse}
              slots={worker.slots}
              label={label}
              className={worker.slots > 6 ? narrow : undefined}
            />
            <span className="ml-2 text-ink-2" aria-hidden>
              {t('slotsOf', { used: worker.slotsInUse, slots: worker.slots })}
            </span>
          </>
        )}
      </Td>
      <Td
        phone="second"
        className={cn(
          'phone:col-span-2 phone:col-start-1 phone:row-start-4',
          worker.running.length === 0 && 'phone:hidden',
        )}
      >
        <RunningNow
          items={worker.running}
          count={Math.max(worker.slotsInUse, worker.running.length)}
        />
      </Td>
      <Td phone="second" className="phone:col-start-1 phone:row-start-3">
        <Serves worker={worker} />
        {isAlive && isOffBy(worker.clockOffsetMs) && (
          <span className="block text-meta min-[80rem]:hidden">
            <ClockOffset ms={worker.clockOffsetMs} />
          </span>
        )}
      </Td>
      <Td className="max-[80rem]:hidden">{isAlive && <ClockOffset ms={worker.clockOffsetMs} />}</Td>
      <Td
        phone="second-end"
        className={cn(
          'text-right phone:col-start-2 phone:row-span-2 phone:pt-2',
          !isAlive && 'phone:hidden',
        )}
      >
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

/** Queues in the first line, what else it asks for or can do in the second. */
function Serves({ worker }: { worker: WorkerSummary }) {
  const t = useTranslations('workers');
  const labels = Object.entries(worker.labels).map(([name, value]) => `${name}=${value}`);
  const serves = worker.queues.length === 0 ? t('servesAll') : worker.queues.join(', ');
  const more = [...worker.kinds, ...labels].join(', ');
  return (
    <>
      <span className="block truncate" title={serves}>
        {serves}
      </span>
      <span className="block truncate text-meta text-ink-3" title={more}>
        {more}
      </span>
    </>
  );
}

const BAD_OFFSET_MS = 2_000;
const isOffBy = (ms: number) => Math.abs(ms) > BAD_OFFSET_MS;

function ClockOffset({ ms }: { ms: number }) {
  const t = useTranslations('workers');
  const words = useTimeWords();
  const isBad = isOffBy(ms);
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
  const who = useTranslations('whoMay');
  const client = useQueryClient();
  const { act, pending } = useAct<'drain'>();
  const isDraining = worker.state === 'draining';
  const change = async () => {
    const action = isDraining ? actions.takeBack : actions.drain;
    const isDone = await act('drain', () => asDone(action({ workerId: worker.id })));
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
          : who('worker:drain')
      }
      onClick={() => void change()}
    >
      {t(isDraining ? 'takeBack' : 'drain')}
    </Button>
  );
}
