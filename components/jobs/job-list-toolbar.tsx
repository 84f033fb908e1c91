'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { JOB_STATES } from '#core/jobs/job-state.ts';
import { ListToolbar } from '#components/list/list-toolbar.tsx';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { ChoiceFilter, FilterChip } from '#components/ui/filter-chip.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import {
  isFiltered,
  JOB_COLUMNS,
  KINDS,
  NO_FILTERS,
  type ChangeJobList,
  type JobListAddress,
} from './job-list-address.ts';
import { jobChoicesQuery } from './job-list-queries.ts';

const OrderMenu = dynamic(
  () => import('./job-list-order-menu.tsx').then((file) => file.OrderMenu),
  { ssr: false },
);

/** Search, filters, order and columns, all in the address. */
export function JobListToolbar({
  address,
  change,
  isChoosing,
  onChoosing,
}: {
  address: JobListAddress;
  change: ChangeJobList;
  isChoosing: boolean;
  onChoosing: (isChoosing: boolean) => void;
}) {
  const t = useTranslations('jobs');
  const columnName = useTranslations('jobs.column');
  return (
    <ListToolbar
      search={{ label: t('find'), text: address.q, onText: (q) => change({ q }), pauseMs: 200 }}
      filters={<Filters address={address} change={change} />}
      onClear={isFiltered(address) ? () => change(NO_FILTERS) : undefined}
      order={<OrderButton address={address} change={change} />}
      columns={{
        columns: JOB_COLUMNS,
        shown: address.columns,
        nameOf: (column) => columnName(column === 'bars' ? 'barsShort' : column),
        onChange: (columns) => change({ columns }),
      }}
      isChoosing={isChoosing}
      onChoosing={onChoosing}
    />
  );
}

function Filters({ address, change }: { address: JobListAddress; change: ChangeJobList }) {
  const t = useTranslations('jobs');
  return (
    <>
      <ChoiceFilter
        label={t('filter.state')}
        options={JOB_STATES.map((value) => wordOption(value, t(`state.${value}`)))}
        values={address.state}
        onValuesChange={(state) => change({ state })}
      />
      <FilterChip
        label={t('filter.label')}
        value={address.label.join(', ')}
        onClear={() => change({ label: [] })}
      >
        <LabelChoices address={address} change={change} />
      </FilterChip>
      <FilterChip
        label={t('filter.queue')}
        value={address.queue.join(', ')}
        onClear={() => change({ queue: [] })}
      >
        <QueueChoices address={address} change={change} />
      </FilterChip>
      <ChoiceFilter
        label={t('filter.kind')}
        options={KINDS.map((value) => wordOption(value, t(`kind.${value}`)))}
        values={address.kind}
        onValuesChange={(kind) => change({ kind })}
      />
    </>
  );
}

const wordOption = <Value extends string>(value: Value, words: string) => ({
  value,
  label: words,
  words,
});

function LabelChoices({ address, change }: { address: JobListAddress; change: ChangeJobList }) {
  const t = useTranslations('jobs.filter');
  const { data, isError } = useQuery(jobChoicesQuery);
  if (!data) return <ChoicesNote>{isError && t('loadFailed')}</ChoicesNote>;
  if (data.labels.length === 0) return <ChoicesNote>{t('noLabels')}</ChoicesNote>;
  return (
    <Choices
      label={t('label')}
      values={data.labels.map(({ name, value, jobs }) => ({
        value: `${name}=${value}`,
        words: value === '' ? name : `${name}=${value}`,
        jobs,
      }))}
      chosen={address.label}
      onChange={(label) => change({ label })}
    />
  );
}

function QueueChoices({ address, change }: { address: JobListAddress; change: ChangeJobList }) {
  const t = useTranslations('jobs.filter');
  const { data, isError } = useQuery(jobChoicesQuery);
  if (!data) return <ChoicesNote>{isError && t('loadFailed')}</ChoicesNote>;
  return (
    <Choices
      label={t('queue')}
      values={data.queues.map((queue) => ({ value: queue, words: queue }))}
      chosen={address.queue}
      onChange={(queue) => change({ queue })}
    />
  );
}

function ChoicesNote({ children }: { children: ReactNode }) {
  return <p className="min-h-8 max-w-56 py-1.5 text-table text-ink-3">{children}</p>;
}

function Choices({
  label,
  values,
  chosen,
  onChange,
}: {
  label: string;
  values: readonly { value: string; words: string; jobs?: number }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  return (
    <fieldset className="max-h-72 overflow-y-auto">
      <legend className="sr-only">{label}</legend>
      {values.map(({ value, words, jobs }) => (
        <CheckboxLine
          key={value}
          label={
            <span className="flex min-w-40 justify-between gap-6">
              <span className="max-w-64 truncate">{words}</span>
              {jobs !== undefined && <span className="text-ink-3">{jobs}</span>}
            </span>
          }
          checked={chosen.includes(value)}
          onCheckedChange={(on) =>
            onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value))
          }
        />
      ))}
    </fieldset>
  );
}

function OrderButton({ address, change }: { address: JobListAddress; change: ChangeJobList }) {
  const t = useTranslations('jobs.order');
  return (
    <LaterMenu
      button={
        <Button variant="ghost" size="small">
          {t('label', { order: t(address.order) })}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      {(state) => <OrderMenu {...state} address={address} change={change} />}
    </LaterMenu>
  );
}
