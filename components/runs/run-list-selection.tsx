'use client';

import { Ban, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { SelectionBar } from '#components/ui/selection-bar.tsx';
import type { RunRights } from './run-acts.ts';
import type { RunListActs } from './use-run-list-acts.ts';

const b = (words: ReactNode) => <b className="font-medium">{words}</b>;

/** What can be done with all chosen runs at once. The choice ends when it is done. */
export function RunListSelection({
  ids,
  finished,
  live,
  total,
  acts,
  may,
  onAll,
  isFetchingAll,
  onClear,
}: {
  ids: readonly number[];
  /** Whether any of them has ended, and any hasn't, as far as the page knows. */
  finished: boolean;
  live: boolean;
  /** All that match, where so many may be taken at once; null: there are too many, or these are all. */
  total: number | null;
  acts: RunListActs;
  may: RunRights;
  onAll: () => void;
  isFetchingAll: boolean;
  onClear: () => void;
}) {
  const t = useTranslations('runs');
  const hint = (isAllowed: boolean) => (isAllowed ? undefined : t('onlyAdmins'));
  const act = async (done: Promise<boolean>) => {
    if (await done) onClear();
  };
  return (
    <SelectionBar
      summary={
        <>
          {t.rich('selected', { b, count: ids.length })}
          {total !== null && (
            <Button
              variant="quiet"
              size="small"
              className="ml-2"
              pending={isFetchingAll}
              onClick={onAll}
            >
              {t('selectMatching', { count: total })}
            </Button>
          )}
        </>
      }
      onClear={onClear}
      actions={
        <>
          <Button
            variant="primary"
            size="small"
            icon={<RotateCcw aria-hidden />}
            pending={acts.pending === 'retry'}
            disabled={!may.retry || !finished}
            title={hint(may.retry)}
            onClick={() => void act(acts.retry(ids))}
          >
            {t('bulkRetry')}
          </Button>
          <Button
            size="small"
            icon={<Ban aria-hidden />}
            pending={acts.pending === 'cancel'}
            disabled={!may.cancel || !live}
            title={hint(may.cancel)}
            onClick={() => void act(acts.cancel(ids))}
          >
            {t('bulkCancel')}
          </Button>
        </>
      }
    />
  );
}
