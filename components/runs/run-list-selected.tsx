'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Selection } from '#components/list/use-selection.ts';
import { notifyFailure } from '#components/ui/toast.tsx';
import { holds, holdsForSome, type Right } from '#core/auth/right.ts';
import { MOST_AT_ONCE } from '#core/runs/bulk.ts';
import type { RunChart } from '#core/runs/run-chart.ts';
import { isFinal } from '#core/runs/states.ts';
import type { RunSummary } from '#core/runs/summary.ts';
import type { RunRights } from './run-acts.ts';
import { totalOf } from './run-chart-layout.ts';
import type { ShownFilters } from './run-list-address.ts';
import { RunListSelection } from './run-list-selection.tsx';
import { fetchRuns } from './run-queries.ts';
import type { RunListActs } from './use-run-list-acts.ts';

const AT_ONCE = 200;

/** The chosen runs and what can be done with them; also all that match, on whatever page they stand. */
export function RunListSelected({
  runs,
  selection,
  filters,
  chart,
  acts,
  may,
  onDone,
}: {
  /** Those that show. */
  runs: readonly RunSummary[];
  selection: Selection;
  filters: ShownFilters;
  chart: RunChart | undefined;
  acts: RunListActs;
  may: RunRights;
  onDone: () => void;
}) {
  const t = useTranslations('runs');
  // All that match, and the choice that they stand for: another choice isn't all any more.
  const [all, setAll] = useState<{ runs: RunSummary[]; of: Selection['ids'] } | null>(null);
  const [isFetching, setFetching] = useState(false);
  const isAll = all !== null && all.of === selection.ids;
  const chosen = isAll ? all.runs : runs.filter(({ id }) => selection.ids.has(id));
  const ids = isAll ? all.runs.map(({ id }) => id) : [...selection.ids];
  const total = chart ? totalOf(chart.selected?.counts ?? chart.total) : 0;
  const isWholePage = runs.every(({ id }) => selection.ids.has(id));
  const hasMore = isWholePage && !isAll && total > ids.length;
  // What isn't on this page is taken for finished or live alike: the use-cases look at each.
  const isElsewhere = ids.length > chosen.length;

  const labelsOf = new Map(chosen.map(({ id, jobLabels }) => [id, jobLabels]));
  const allowed = (right: Right) =>
    ids.filter((id) => {
      const labels = labelsOf.get(id);
      return labels ? holds(right, labels) : holdsForSome(right);
    });

  const takeAll = async () => {
    setFetching(true);
    try {
      const from = filters.from ?? chart?.from ?? null;
      setAll({ runs: await fetchAll({ ...filters, from }), of: selection.ids });
    } catch {
      notifyFailure(t('failed'));
    } finally {
      setFetching(false);
    }
  };

  return (
    <RunListSelection
      ids={ids}
      finished={isElsewhere || chosen.some(({ state }) => isFinal(state))}
      live={isElsewhere || chosen.some(({ state }) => !isFinal(state))}
      retryable={allowed(may.retry)}
      cancellable={allowed(may.cancel)}
      total={hasMore ? Math.min(total, MOST_AT_ONCE) : null}
      acts={acts}
      onAll={() => void takeAll()}
      isFetchingAll={isFetching}
      onClear={onDone}
    />
  );
}

/** The latest runs that match, page after page, as many as may be acted on at once. */
async function fetchAll(filters: ShownFilters): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  let cursor: string | null = null;
  do {
    const page = await fetchRuns(filters, cursor, AT_ONCE);
    found.push(...page.runs);
    cursor = page.older;
  } while (cursor !== null && found.length < MOST_AT_ONCE);
  return found.slice(0, MOST_AT_ONCE);
}
