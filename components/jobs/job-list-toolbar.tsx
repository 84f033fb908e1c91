'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown, Columns3 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { JOB_STATES } from '#core/jobs/job-state.ts';
import { Button, IconButton } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { ChoiceFilter, FilterChip, Toolbar } from '#components/ui/filter-chip.tsx';
import { SearchInput } from '#components/ui/input.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import {
  isFiltered,
  KINDS,
  NO_FILTERS,
  type ChangeJobList,
  type JobListAddress,
} from './job-list-address.ts';
import { jobChoicesQuery } from './job-list-queries.ts';

const OrderList = dynamic(() => import('./job-list-menus.tsx').then((file) => file.OrderList), {
  ssr: false,
});
const ColumnsList = dynamic(() => import('./job-list-menus.tsx').then((file) => file.ColumnsList), {
  ssr: false,
});

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
  return (
    <Toolbar
      end={
        <>
          {isFiltered(address) && (
            <Button variant="quiet" size="small" onClick={() => change(NO_FILTERS)}>
              {t('filter.clear')}
            </Button>
          )}
          <OrderMenu address={address} change={change} />
          <ColumnsMenu address={address} change={change} />
        </>
      }
    >
      <Search address={address} change={change} />
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
      <Button
        size="small"
        className="desk:hidden"
        aria-pressed={isChoosing}
        onClick={() => onChoosing(!isChoosing)}
      >
        {t(isChoosing ? 'selectDone' : 'selectMode')}
      </Button>
    </Toolbar>
  );
}

const wordOption = <Value extends string>(value: Value, words: string) => ({
  value,
  label: words,
  words,
});

const PAUSE_MS = 200;

/** What is typed reaches the address when one pauses; the field itself never waits. */
function Search({ address, change }: { address: JobListAddress; change: ChangeJobList }) {
  const t = useTranslations('jobs');
  const [typed, setTyped] = useState(address.q);
  const [known, setKnown] = useState(address.q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Back, or "Clear", changed it from outside.
  if (known !== address.q) {
    setKnown(address.q);
    if (address.q !== typed.trim()) setTyped(address.q);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const take = (q: string) => {
    clearTimeout(timer.current);
    if (q.trim() !== address.q) change({ q: q.trim() });
  };
  return (
    <SearchInput
      label={t('find')}
      value={typed}
      onChange={(event) => {
        const { value } = event.target;
        setTyped(value);
        clearTimeout(timer.current);
        timer.current = setTimeout(take, PAUSE_MS, value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(typed);
        if (event.key !== 'Escape') return;
        if (typed === '') event.currentTarget.blur();
        setTyped('');
        take('');
      }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

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
            onChange(on === true ? [...chosen, value] : chosen.filter((one) => one !== value))
          }
        />
      ))}
    </fieldset>
  );
}

function OrderMenu({ address, change }: { address: JobListAddress; change: ChangeJobList }) {
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
      {(state) => <OrderList {...state} address={address} change={change} />}
    </LaterMenu>
  );
}

function ColumnsMenu({ address, change }: { address: JobListAddress; change: ChangeJobList }) {
  const t = useTranslations('jobs');
  return (
    <span className="phone:hidden">
      <LaterMenu
        button={
          <IconButton size="small" label={t('columns')}>
            <Columns3 aria-hidden />
          </IconButton>
        }
      >
        {(state) => <ColumnsList {...state} address={address} change={change} />}
      </LaterMenu>
    </span>
  );
}
