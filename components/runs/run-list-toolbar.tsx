'use client';

import { useTranslations } from 'next-intl';
import { ListToolbar } from '#components/list/list-toolbar.tsx';
import { StateWord } from '#components/state/state-word.tsx';
import { ChoiceFilter, FilterChip } from '#components/ui/filter-chip.tsx';
import { RUN_STATES, TRIGGERS } from '#core/runs/states.ts';
import { JobChoice, QueueChoice, useWorkerName, WorkerChoice } from './run-list-choices.tsx';
import {
  type ChangeRunList,
  isFiltered,
  NO_FILTERS,
  RUN_COLUMNS,
  type RunListAddress,
} from './run-list-address.ts';
import { RunTimeChoice, useTimeFilterWords } from './run-time-choice.tsx';

type Props = { address: RunListAddress; change: ChangeRunList };

/** Search, filters and columns, all in the address. */
export function RunListToolbar({
  address,
  change,
  isChoosing,
  onChoosing,
}: Props & { isChoosing: boolean; onChoosing: (isChoosing: boolean) => void }) {
  const t = useTranslations('runs');
  return (
    <ListToolbar
      search={{
        label: t('find'),
        text: address.text,
        onText: (text) => change({ text }),
        pauseMs: 300,
      }}
      filters={<Filters address={address} change={change} />}
      onClear={isFiltered(address) ? () => change(NO_FILTERS) : undefined}
      columns={{
        columns: RUN_COLUMNS,
        shown: address.columns,
        nameOf: (column) => t(`column.${column}`),
        onChange: (columns) => change({ columns }),
      }}
      isChoosing={isChoosing}
      onChoosing={onChoosing}
    />
  );
}

function Filters({ address, change }: Props) {
  const t = useTranslations('runs');
  const states = useTranslations('states');
  const timeWords = useTimeFilterWords(address);
  const workerName = useWorkerName(address.worker);
  return (
    <>
      <ChoiceFilter
        label={t('filter.state')}
        options={RUN_STATES.map((value) => ({
          value,
          label: <StateWord state={value} />,
          words: states(value),
        }))}
        values={address.state}
        onValuesChange={(state) => change({ state })}
      />
      <FilterChip
        label={t('filter.time')}
        value={timeWords}
        onClear={() => change({ from: null, to: null })}
      >
        {(close) => <RunTimeChoice address={address} change={change} onDone={close} />}
      </FilterChip>
      <FilterChip
        label={t('filter.job')}
        value={address.job && <span className="font-mono">{address.job}</span>}
        onClear={() => change({ job: null })}
      >
        {(close) => <JobChoice address={address} change={change} onDone={close} />}
      </FilterChip>
      <FilterChip
        label={t('filter.queue')}
        value={address.queue}
        onClear={() => change({ queue: null })}
      >
        {(close) => <QueueChoice address={address} change={change} onDone={close} />}
      </FilterChip>
      <ChoiceFilter
        label={t('filter.why')}
        options={TRIGGERS.map((value) => ({
          value,
          label: t(`trigger.${value}`),
          words: t(`trigger.${value}`),
        }))}
        values={address.why}
        onValuesChange={(why) => change({ why })}
      />
      {/* It comes by a link alone: nobody knows its number by heart. */}
      {address.backfill !== null && (
        <FilterChip
          label={t('filter.backfill')}
          value={String(address.backfill)}
          onClear={() => change({ backfill: null })}
        >
          <p className="max-w-64 text-table text-ink-2">{t('filter.backfillHint')}</p>
        </FilterChip>
      )}
      <FilterChip
        label={t('filter.worker')}
        value={workerName}
        onClear={() => change({ worker: null })}
      >
        {(close) => <WorkerChoice address={address} change={change} onDone={close} />}
      </FilterChip>
    </>
  );
}
