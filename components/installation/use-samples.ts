'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { installationSettings } from '#components/settings/settings-queries.ts';
import { useAct } from '#components/shell/use-act.ts';
import { notify } from '#components/ui/toast.tsx';

export type SampleActions = Pick<InstallationActions, 'addSamples' | 'removeSamples'>;
/** What the reader may do with them; the use-cases look again. */
export type SampleRights = { add: boolean; remove: boolean };
export type Samples = ReturnType<typeof useSamples>;

/** The sample jobs: how many there are, and one click to add them or take them away again. */
export function useSamples(actions: SampleActions) {
  const t = useTranslations('installation');
  const client = useQueryClient();
  const { data } = useQuery(installationSettings);
  const { act, pending } = useAct<'add' | 'remove'>();

  const settle = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['job'] }),
      client.invalidateQueries({ queryKey: ['installation'] }),
    ]);
  const remove = async () => {
    const removed = await act('remove', actions.removeSamples);
    await settle();
    if (removed) notify(t('samplesRemoved', { count: removed.jobIds.length }));
  };
  const add = async () => {
    const added = await act('add', actions.addSamples);
    await settle();
    if (!added) return;
    notify(t('samplesAdded', { count: added.jobIds.length }), {
      undo: { label: t('samplesRemove'), run: () => void remove() },
    });
  };
  return { count: data?.samples ?? 0, pending, add, remove };
}
