'use client';

import { useTranslations } from 'next-intl';
import type { TwoPersonRule } from '#core/proposals/two-person-rule.ts';
import { SettingForm } from './setting-form.tsx';
import type { InstallationActions } from './settings-actions.ts';

/** The labels whose jobs are edited by two persons, as one line: `team=billing, critical`. */
export function TwoPersonsForm({
  labels,
  mayWrite,
  changeTwoPersons,
}: {
  labels: TwoPersonRule;
  mayWrite: boolean;
  changeTwoPersons: InstallationActions['changeTwoPersons'];
}) {
  const t = useTranslations('settings.twoPersons');
  return (
    <SettingForm
      label={t('labels')}
      explanation={t('labelsHint')}
      submit={t('save')}
      saved={textOf(labels)}
      mayWrite={mayWrite}
      save={(typed) => changeTwoPersons({ labels: labelsOf(typed) })}
      noteOf={(saved) => t('saved', { labels: saved.labels.length })}
      input={{ mono: true, className: 'max-w-80' }}
    />
  );
}

const textOf = (labels: TwoPersonRule) =>
  labels.map(({ name, value }) => (value === null ? name : `${name}=${value}`)).join(', ');

function labelsOf(typed: string): TwoPersonRule {
  const words = typed.split(',').map((word) => word.trim());
  return words.filter(Boolean).map((word) => {
    const [name = '', ...value] = word.split('=');
    return { name: name.trim(), value: value.length === 0 ? null : value.join('=').trim() };
  });
}
