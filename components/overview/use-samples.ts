'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Outcome } from '#core/outcome.ts';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { installationSettings } from '#components/settings/settings-queries.ts';
import { notify, notifyFailure } from '#components/ui/toast.tsx';

export type SampleActions = Pick<InstallationActions, 'addSamples' | 'removeSamples'>;
export type Samples = ReturnType<typeof useSamples>;

/** The sample jobs: how many there are, and one click to add them or take them away again. */
export function useSamples(actions: SampleActions) {
  const t = useTranslations('installation');
  const client = useQueryClient();
  const { data } = useQuery(installationSettings);
  const [pending, setPending] = useState<'add' | 'remove' | null>(null);

  const act = async (name: 'add' | 'remove', action: () => Promise<Outcome<unknown>>) => {
    setPending(name);
    const done = await action().catch(() => null);
    await Promise.all([
      client.invalidateQueries({ queryKey: ['job'] }),
      client.invalidateQueries({ queryKey: ['installation'] }),
    ]);
    setPending(null);
    if (!done?.ok) notifyFailure(done ? done.refusal.message : t('unreachable'));
    return done?.ok === true;
  };
  const remove = async () => {
    if (!(await act('remove', actions.removeSamples))) return;
    notify(t('samplesRemoved'));
  };
  const add = async () => {
    if (!(await act('add', actions.addSamples))) return;
    notify(t('samplesAdded'), {
      undo: { label: t('samplesRemove'), run: () => void remove() },
    });
  };
  return { count: data?.samples ?? 0, pending, add, remove };
}
