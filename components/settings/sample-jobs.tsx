'use client';

import { useTranslations } from 'next-intl';
import {
  useSamples,
  type SampleActions,
  type SampleRights,
} from '#components/installation/use-samples.ts';
import { Button } from '#components/ui/button.tsx';

/** Adds the sample jobs, or takes them away again, with one click each. */
export function SampleJobs({ may, actions }: { may: SampleRights; actions: SampleActions }) {
  const t = useTranslations('settings.samples');
  const who = useTranslations('whoMay');
  const { count, pending, add, remove } = useSamples(actions);
  const areHere = count > 0;
  const isAllowed = areHere ? may.remove : may.add;
  return (
    <>
      <p className="mb-3 text-table">{areHere ? t('some', { count }) : t('none')}</p>
      <Button
        disabled={!isAllowed}
        title={isAllowed ? undefined : who('job:write_host')}
        pending={pending !== null}
        onClick={() => void (areHere ? remove() : add())}
      >
        {t(areHere ? 'remove' : 'add')}
      </Button>
    </>
  );
}
