'use client';

import { useTranslations } from 'next-intl';
import { useAct } from '#components/shell/use-act.ts';
import { notify, notifyFailure } from '#components/ui/toast.tsx';
import type { RunActions } from './run-acts.ts';

export type RunListActs = ReturnType<typeof useRunListActs>;

/** The acts on several runs, each with what it says when it is done. They answer whether anything was done. */
export function useRunListActs(actions: RunActions) {
  const t = useTranslations('runs');
  const { act, pending } = useAct<'retry' | 'cancel'>();

  const retry = async (ids: readonly number[]): Promise<boolean> => {
    const done = await act('retry', () => actions.retry({ runIds: [...ids] }));
    if (!done) return false;
    const { runIds, refused, waitsForResume } = done;
    if (runIds.length > 0) {
      notify(t(waitsForResume ? 'retriedWait' : 'retried', { count: runIds.length }), {
        undo: {
          label: t('undoRetry'),
          run: () => void act('cancel', () => actions.cancel({ runIds })),
        },
      });
    }
    if (refused.length > 0) {
      notifyFailure(t('notRetried', { count: refused.length }), refused[0]!.message);
    }
    return runIds.length > 0;
  };

  const cancel = async (ids: readonly number[]): Promise<boolean> => {
    const done = await act('cancel', () => actions.cancel({ runIds: [...ids] }));
    if (!done) return false;
    const count = done.cancelled.length + done.requested.length;
    notify(t('cancelled', { count }));
    return count > 0;
  };

  return { pending, retry, cancel };
}
