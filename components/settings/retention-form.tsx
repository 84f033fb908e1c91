'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { InstallationActions } from './settings-actions.ts';
import { installationSettings } from './settings-queries.ts';

export function RetentionForm({
  days,
  mayWrite,
  changeRetention,
}: {
  days: number;
  mayWrite: boolean;
  changeRetention: InstallationActions['changeRetention'];
}) {
  const t = useTranslations('settings.retention');
  const who = useTranslations('whoMay');
  const client = useQueryClient();
  const { act, pending } = useAct<'save'>();
  // Null: what is saved, also when somebody else changes it meanwhile.
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typed === null) return;
    const retentionDays = typed.trim() === '' ? Number.NaN : Number(typed);
    const saved = await act(
      'save',
      () => changeRetention({ retentionDays }),
      ({ message, fields }) => setProblem(fields?.[0]?.message ?? message),
    );
    if (!saved) return;
    await client.invalidateQueries({ queryKey: installationSettings.queryKey });
    setTyped(null);
    setProblem(null);
    notify(t('saved', { days: saved.retentionDays }));
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Field label={t('days')} explanation={t('daysHint')} error={problem}>
        <span className="flex gap-2">
          <Input
            inputMode="numeric"
            value={typed ?? String(days)}
            onChange={(event) => setTyped(event.target.value)}
            disabled={!mayWrite}
            autoComplete="off"
            className="w-28"
          />
          <Button
            type="submit"
            pending={pending !== null}
            disabled={!mayWrite || typed === null || typed.trim() === String(days)}
            title={mayWrite ? undefined : who('installation:write')}
          >
            {t('save')}
          </Button>
        </span>
      </Field>
    </form>
  );
}
