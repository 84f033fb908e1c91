'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { InstallationActions } from './settings-actions.ts';
import { installationSettings } from './settings-queries.ts';

/** Adds the sample jobs, or takes them away again, with one click each. */
export function SampleJobs({
  count,
  mayWrite,
  actions,
}: {
  count: number;
  mayWrite: boolean;
  actions: Pick<InstallationActions, 'addSamples' | 'removeSamples'>;
}) {
  const t = useTranslations('settings.samples');
  const client = useQueryClient();
  const { act, pending } = useAct<'change'>();
  const areHere = count > 0;
  const change = async () => {
    const changed = await act('change', areHere ? actions.removeSamples : actions.addSamples);
    await client.invalidateQueries({ queryKey: installationSettings.queryKey });
    if (changed) notify(t(areHere ? 'removed' : 'added', { count: changed.jobIds.length }));
  };
  return (
    <>
      <p className="mb-3 text-table">{areHere ? t('some', { count }) : t('none')}</p>
      <Button
        disabled={!mayWrite}
        title={mayWrite ? undefined : t('onlyAdmin')}
        pending={pending !== null}
        onClick={() => void change()}
      >
        {t(areHere ? 'remove' : 'add')}
      </Button>
    </>
  );
}
