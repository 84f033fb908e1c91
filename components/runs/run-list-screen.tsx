'use client';

import { useQuery } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'next-intl';
import { createSerializer } from 'nuqs/server';
import { useState } from 'react';
import { ListBody } from '#components/list/list-body.tsx';
import { ListNone } from '#components/list/list-none.tsx';
import { ListToolbarSkeleton } from '#components/list/list-toolbar.tsx';
import { NewRowsButton } from '#components/list/new-rows-button.tsx';
import { useHeldRows } from '#components/list/use-held-rows.ts';
import { useSelection } from '#components/list/use-selection.ts';
import { addressHook } from '#components/shell/address-hook.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Pager } from '#components/ui/pager.tsx';
import { RowsSkeleton, Skeleton } from '#components/ui/skeleton.tsx';
import { notify } from '#components/ui/toast.tsx';
import { holds } from '#core/auth/right.ts';
import type { RunSummary } from '#core/runs/summary.ts';
import type { RunActions, RunRights } from './run-acts.ts';
import { RunChart, RunChartSkeleton } from './run-chart.tsx';
import {
  type ChangeRunList,
  isFiltered,
  NO_FILTERS,
  runFilters,
  type RunListAddress,
  runListParsers,
} from './run-list-address.ts';
import { RunListSelected } from './run-list-selected.tsx';
import { RunListSentence } from './run-list-sentence.tsx';
import { RunListToolbar } from './run-list-toolbar.tsx';
import { runChart, runList } from './run-queries.ts';
import { RunTable } from './run-table.tsx';
import { useRunListActs } from './use-run-list-acts.ts';

const NO_RUNS: RunSummary[] = [];
const useRunListAddress = addressHook(runListParsers, 'push');

/** The ledger of all jobs: which runs match, over time and one by one. */
export function RunListScreen({ may, actions }: { may: RunRights; actions: RunActions }) {
  const t = useTranslations('runs');
  const who = useTranslations('whoMay');
  const [address, setAddress] = useRunListAddress();
  const filters = runFilters(address);
  const list = useQuery(runList(filters, address.cursor));
  const chart = useQuery(runChart(filters, address.span, useTimeZone() ?? 'UTC'));
  const acts = useRunListActs(actions);
  const change: ChangeRunList = (next) => setAddress({ ...next, cursor: null });

  const runs = list.data?.runs ?? NO_RUNS;
  const { shown, waiting, show } = useHeldRows(runs, idOf, address.cursor === null);
  const selection = useSelection(
    shown.map(({ id }) => id),
    JSON.stringify(filters),
  );
  const [isChoosing, setChoosing] = useState(false);

  return (
    <>
      <PageHead
        title={t('title')}
        sentence={
          chart.data ? (
            <RunListSentence chart={chart.data} address={address} />
          ) : (
            <Skeleton className="mt-1.5 h-3.5 w-72" />
          )
        }
      />
      <RunListToolbar
        address={address}
        change={change}
        isChoosing={isChoosing}
        onChoosing={(next) => {
          setChoosing(next);
          if (!next) selection.clear();
        }}
      />
      {chart.data ? (
        <RunChart chart={chart.data} address={address} change={change} />
      ) : (
        <RunChartSkeleton />
      )}
      <ListBody
        list={list}
        failed={t('failed')}
        loading={t('loading')}
        isEmpty={shown.length === 0}
        none={
          <ListNone
            of="runs.none"
            isFiltered={isFiltered(address)}
            onClear={() => change(NO_FILTERS)}
          />
        }
      >
        <RunTable
          runs={shown}
          columns={address.columns}
          selection={selection}
          isChoosing={isChoosing || selection.ids.size > 0}
          onRetry={(run) =>
            holds(may.retry, run.jobLabels) ? void acts.retry([run.id]) : notify(who('run:retry'))
          }
        />
      </ListBody>
      {list.data && <Foot list={list.data} address={address} />}
      {waiting > 0 && <NewRowsButton count={waiting} onShow={show} />}
      {selection.ids.size > 0 && (
        <RunListSelected
          runs={shown}
          selection={selection}
          filters={filters}
          chart={chart.data}
          acts={acts}
          may={may}
          onDone={() => {
            selection.clear();
            setChoosing(false);
          }}
        />
      )}
    </>
  );
}

const idOf = (run: RunSummary) => String(run.id);

const serialize = createSerializer(runListParsers);

function Foot({
  list,
  address,
}: {
  list: { newer: string | null; older: string | null; searchedTo: string | null };
  address: RunListAddress;
}) {
  const t = useTranslations('runs');
  if (list.newer === null && list.older === null) return null;
  const href = (cursor: string | null) =>
    cursor === null ? null : `/runs${serialize({ ...address, cursor })}`;
  return (
    <Pager newerHref={href(list.newer)} olderHref={href(list.older)}>
      {list.searchedTo !== null &&
        t.rich('searchedTo', { at: () => <RelativeTime at={list.searchedTo!} /> })}
    </Pager>
  );
}

/** The page in its sizes while the first rows are on their way. */
export function RunListSkeleton() {
  const t = useTranslations('runs');
  return (
    <>
      <PageHead title={t('title')} sentence={<Skeleton className="mt-1.5 h-3.5 w-72" />} />
      <ListToolbarSkeleton />
      <RunChartSkeleton />
      <RowsSkeleton rows={12} label={t('loading')} />
    </>
  );
}
