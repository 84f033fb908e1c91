'use client';

import { useTranslations } from 'next-intl';
import { SettingForm } from './setting-form.tsx';
import type { InstallationActions } from './settings-actions.ts';

/** For how many days history is kept. */
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
  return (
    <SettingForm
      label={t('days')}
      explanation={t('daysHint')}
      submit={t('save')}
      saved={String(days)}
      mayWrite={mayWrite}
      save={(typed) => changeRetention({ retentionDays: daysOf(typed) })}
      noteOf={({ retentionDays }) => t('saved', { days: retentionDays })}
      input={{ inputMode: 'numeric', className: 'w-28' }}
    />
  );
}

const daysOf = (typed: string) => (typed.trim() === '' ? Number.NaN : Number(typed));
