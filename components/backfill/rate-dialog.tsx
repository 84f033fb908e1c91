'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { BackfillDetail } from '#core/backfill/read-backfill.ts';
import type { Refusal } from '#core/outcome.ts';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { BackfillActions } from './backfill-view.ts';
import { RateFields, rateOf } from './rate-fields.tsx';

/** Makes a backfill that is under way faster or slower. */
export function RateDialog({
  backfill,
  changeBackfillRate,
  onClose,
}: {
  backfill: BackfillDetail;
  changeBackfillRate: BackfillActions['changeBackfillRate'];
  onClose: () => void;
}) {
  const t = useTranslations('backfill');
  const { id } = backfill;
  const [rate, setRate] = useState({
    perMinute: String(backfill.perMinute),
    atOnce: String(backfill.atOnce),
  });
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { act, pending } = useAct<'change'>();
  const at = (name: string) => refusal?.fields?.find(({ path }) => path.includes(name))?.message;
  return (
    <FormDialog
      title={t('rateTitle', { id })}
      sentence={t('rateSentence')}
      submit={t('rateDo')}
      isPending={pending === 'change'}
      problem={refusal && !refusal.fields ? refusal.message : undefined}
      onClose={onClose}
      onSubmit={async () => {
        const done = await act(
          'change',
          () => changeBackfillRate({ id, ...rateOf(rate) }),
          setRefusal,
        );
        if (!done) return;
        notify(t('rateChanged', { id }));
        onClose();
      }}
    >
      <RateFields
        rate={rate}
        onChange={setRate}
        problems={{ perMinute: at('perMinute'), atOnce: at('atOnce') }}
      />
    </FormDialog>
  );
}
