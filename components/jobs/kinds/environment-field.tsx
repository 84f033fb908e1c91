'use client';

import { useTranslations } from 'next-intl';
import { PairsField } from '../editor-lines.tsx';

/** The variables that a process is given beside those of every run. */
export function EnvironmentField({ name }: { name: 'command.environment' | 'script.environment' }) {
  const t = useTranslations('editor');
  return (
    <PairsField
      name={name}
      label={t('environment')}
      explanation={t('environmentHint')}
      nameLabel={t('variableName')}
      valueLabel={t('variableValue')}
      add={t('addVariable')}
      mono
    />
  );
}
