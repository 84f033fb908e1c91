'use client';

import { Columns3 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useEffect, useRef, useState } from 'react';
import { StateWord } from '#components/state/state-word.tsx';
import { Button, IconButton } from '#components/ui/button.tsx';
import { ChoiceFilter, FilterChip, Toolbar } from '#components/ui/filter-chip.tsx';
import { SearchInput } from '#components/ui/input.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import { RUN_STATES, TRIGGERS } from '#core/runs/states.ts';
import { JobChoice, QueueChoice, useWorkerName, WorkerChoice } from './run-list-choices.tsx';
import {
  type ChangeRunList,
  isFiltered,
  NO_FILTERS,
  type RunListAddress,
} from './run-list-address.ts';
import { RunTimeChoice, useTimeFilterWords } from './run-time-choice.tsx';

const RunColumnsMenu = dynamic(
  () => import('./run-columns-menu.tsx').then((file) => file.RunColumnsMenu),
  { ssr: false },
);

type Props = { address: RunListAddress; change: ChangeRunList };

/** Search, filters and columns, all in the address. */
export function RunListToolbar({
  address,
  change,
  isChoosing,
  onChoosing,
}: Props & { isChoosing: boolean; onChoosing: (isChoosing: boolean) => void }) {
  const t = useTranslations('runs');
  const states = useTranslations('states');
  const timeWords = useTimeFilterWords(address);
  const workerName = useWorkerName(address.worker);
  return (
    <Toolbar
      end={
        <>
          {isFiltered(address) && (
            <Button variant="quiet" size="small" onClick={() => change(NO_FILTERS)}>
              {t('filter.clear')}
            </Button>
          )}
          <LaterMenu
            button={
              <IconButton size="small" label={t('columns')} className="phone:hidden">
                <Columns3 aria-hidden />
              </IconButton>
            }
          >
            {(state) => <RunColumnsMenu address={address} change={change} {...state} />}
          </LaterMenu>
        </>
      }
    >
      <Search address={address} change={change} />
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
      <FilterChip
        label={t('filter.worker')}
        value={workerName}
        onClear={() => change({ worker: null })}
      >
        {(close) => <WorkerChoice address={address} change={change} onDone={close} />}
      </FilterChip>
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

const PAUSE_MS = 300;

/** What is typed reaches the address when one pauses; the field itself never waits. */
function Search({ address, change }: Props) {
  const t = useTranslations('runs');
  const [typed, setTyped] = useState(address.text);
  const [known, setKnown] = useState(address.text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Back, or "Clear", changed it from outside.
  if (known !== address.text) {
    setKnown(address.text);
    if (address.text !== typed.trim()) setTyped(address.text);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const take = (text: string) => {
    clearTimeout(timer.current);
    if (text.trim() !== address.text) change({ text: text.trim() });
  };
  return (
    <SearchInput
      label={t('find')}
      value={typed}
      maxLength={200}
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
