'use client';

import { useTranslations } from 'next-intl';
import { useSamples, type SampleActions } from '#components/installation/use-samples.ts';
import { Button } from '#components/ui/button.tsx';

/** Adds the sample jobs, or takes them away again, with one click each. */
export function SampleJobs({ mayWrite, actions }: { mayWrite: boolean; actions: SampleActions }) {
  const t = useTranslations('settings.samples');
  const { count, pending, add, remove } = useSamples(actions);
  const areHere = count > 0;
  return (
    <>
      <p className="mb-3 text-table">{areHere ? t('some', { count }) : t('none')}</p>
      <Button
        disabled={!mayWrite}
        title={mayWrite ? undefined : t('onlyAdmin')}
        pending={pending !== null}
        onClick={() => void (areHere ? remove() : add())}
      >
        {t(areHere ? 'remove' : 'add')}
      </Button>
    </>
  );
}
