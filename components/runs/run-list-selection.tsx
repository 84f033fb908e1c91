'use client';

import { Ban, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { SelectionBar } from '#components/ui/selection-bar.tsx';
import type { RunListActs } from './use-run-list-acts.ts';

const b = (words: ReactNode) => <b className="font-medium">{words}</b>;

/** What can be done with all chosen runs at once. The choice ends when it is done. */
export function RunListSelection({
  ids,
  finished,
  live,
  total,
  retryable,
  cancellable,
  acts,
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
  /** Those that one may retry, and cancel. */
  retryable: readonly number[];
  cancellable: readonly number[];
  acts: RunListActs;
  onAll: () => void;
  isFetchingAll: boolean;
  onClear: () => void;
}) {
  const t = useTranslations('runs');
  const who = useTranslations('whoMay');
  // Where one may act on some of the chosen, the button says on how many, and acts on those.
  const words = (label: 'bulkRetry' | 'bulkCancel', allowed: readonly number[]) =>
    allowed.length === 0 || allowed.length === ids.length
      ? t(label)
      : t(`${label}Some`, { count: allowed.length, of: ids.length });
  const hint = (permission: 'run:retry' | 'run:cancel', allowed: readonly number[]) =>
    allowed.length === ids.length ? undefined : who(permission);
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
            disabled={retryable.length === 0 || !finished}
            title={hint('run:retry', retryable)}
            onClick={() => void act(acts.retry(retryable))}
          >
            {words('bulkRetry', retryable)}
          </Button>
          <Button
            size="small"
            icon={<Ban aria-hidden />}
            pending={acts.pending === 'cancel'}
            disabled={cancellable.length === 0 || !live}
            title={hint('run:cancel', cancellable)}
            onClick={() => void act(acts.cancel(cancellable))}
          >
            {words('bulkCancel', cancellable)}
          </Button>
        </>
      }
    />
  );
}
