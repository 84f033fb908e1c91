'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { queueList } from '#components/queues/queue-queries.ts';
import { useCommands } from '#components/shell/commands.ts';
import { cn } from '#components/ui/cn.ts';
import { Input } from '#components/ui/input.tsx';
import { workerList } from '#components/workers/worker-queries.ts';
import type { ChangeRunList, RunListAddress } from './run-list-address.ts';

type Props = { address: RunListAddress; change: ChangeRunList; onDone: () => void };

/** One job, found by typing. */
export function JobChoice({
  address,
  change,
  onDone,
}: {
  address: { job: string | null };
  change: (next: { job: string }) => void;
  onDone: () => void;
}) {
  const t = useTranslations('runs.filter');
  const { searchJobs } = useCommands();
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed.trim());
  const jobs = useQuery({
    queryKey: ['job', 'palette', wanted],
    queryFn: ({ signal }) => searchJobs?.(wanted, signal) ?? [],
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  return (
    <div className="grid w-64 gap-2">
      <Input
        small
        // The reader opened it to type.
        autoFocus
        aria-label={t('findJob')}
        placeholder={t('findJob')}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Choices
        isLoading={jobs.isPending}
        isFailed={jobs.isError}
        choices={(jobs.data ?? []).map(({ key }) => ({
          value: key,
          words: <span className="font-mono">{key}</span>,
        }))}
        chosen={address.job}
        onChoose={(job) => {
          change({ job });
          onDone();
        }}
      />
    </div>
  );
}

export function QueueChoice({ address, change, onDone }: Props) {
  const { data, isPending, isError } = useQuery(queueList);
  return (
    <Choices
      isLoading={isPending}
      isFailed={isError}
      choices={(data ?? []).map(({ name }) => ({ value: name, words: name }))}
      chosen={address.queue}
      onChoose={(queue) => {
        change({ queue });
        onDone();
      }}
    />
  );
}

export function WorkerChoice({ address, change, onDone }: Props) {
  const t = useTranslations('runs.filter');
  const { data, isPending, isError } = useQuery(workerList);
  return (
    <Choices
      isLoading={isPending}
      isFailed={isError}
      choices={(data ?? []).map(({ id, name, endedAt }) => ({
        value: String(id),
        words: endedAt === null ? name : t('endedWorker', { name }),
      }))}
      chosen={address.worker === null ? null : String(address.worker)}
      onChoose={(id) => {
        change({ worker: Number(id) });
        onDone();
      }}
    />
  );
}

/** The worker's name as the filter says it; a worker that ended long ago has only its number. */
export function useWorkerName(id: number | null): string | null {
  const t = useTranslations('runs.filter');
  const { data } = useQuery({ ...workerList, enabled: id !== null });
  if (id === null) return null;
  return data?.find((worker) => worker.id === id)?.name ?? t('workerNumber', { id });
}

function Choices({
  choices,
  chosen,
  onChoose,
  isLoading,
  isFailed,
}: {
  choices: readonly { value: string; words: ReactNode }[];
  chosen: string | null;
  onChoose: (value: string) => void;
  isLoading: boolean;
  isFailed: boolean;
}) {
  const t = useTranslations('runs.filter');
  const common = useTranslations('common');
  if (choices.length === 0) {
    return (
      <p role="status" className="min-h-8 max-w-56 py-1.5 text-table text-ink-3">
        {isFailed ? t('loadFailed') : isLoading ? common('loading') : common('nothingFound')}
      </p>
    );
  }
  return (
    <ul className="-mx-1.5 max-h-72 overflow-y-auto">
      {choices.map(({ value, words }) => (
        <li key={value}>
          <button
            type="button"
            aria-pressed={value === chosen}
            onClick={() => onChoose(value)}
            className={cn(
              'block w-full truncate rounded-mark px-1.5 py-1.5 text-left text-table hover:bg-hover phone:py-3',
              value === chosen && 'bg-accent-tint text-accent',
            )}
          >
            {words}
          </button>
        </li>
      ))}
    </ul>
  );
}
