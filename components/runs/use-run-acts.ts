'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useAct } from '#components/shell/use-act.ts';
import { notify, notifyFailure } from '#components/ui/toast.tsx';
import type { OneRunActions } from './run-acts.ts';
import { runDetail } from './run-queries.ts';

/** The acts on one run, each with what it says when it is done. */
export function useRunActs(id: number, actions: OneRunActions) {
  const t = useTranslations('run.actions');
  const router = useRouter();
  const client = useQueryClient();
  const { act, pending } = useAct<'retry' | 'cancel' | 'test'>();
  const open = (runId: number) => router.push(`/runs/${runId}`);

  const retry = async () => {
    const done = await act('retry', () => actions.retry({ runIds: [id] }));
    const [runId] = done?.runIds ?? [];
    if (runId !== undefined) open(runId);
    else if (done) notifyFailure(t('notRetried'), done.refused[0]?.message);
  };

  const test = async () => {
    const done = await act('test', () => actions.runAsTest({ runId: id }));
    if (done) open(done.runId);
  };

  const cancel = async () => {
    const done = await act('cancel', () => actions.cancel({ runIds: [id] }));
    await client.invalidateQueries({ queryKey: runDetail(id).queryKey });
    if (done) notify(t(done.cancelled.length > 0 ? 'cancelled' : 'cancelAsked', { id }));
  };

  return { pending, retry, test, cancel, open };
}
