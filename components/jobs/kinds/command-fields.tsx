'use client';

import { useTranslations } from 'next-intl';
import { TextField } from '../editor-fields.tsx';
import { ArgumentsField, PairsField } from '../editor-lines.tsx';

export function CommandFields() {
  const t = useTranslations('editor');
  return (
    <>
      <TextField
        name="command.program"
        label={t('program')}
        explanation={t('programHint')}
        placeholder="/usr/bin/rsync"
        mono
      />
      <ArgumentsField label={t('arguments')} explanation={t('argumentsHint')} />
      <TextField
        name="command.cwd"
        label={t('folder')}
        explanation={t('folderHint')}
        placeholder={t('folderNone')}
        mono
      />
      <PairsField
        name="command.environment"
        label={t('environment')}
        explanation={t('environmentHint')}
        nameLabel={t('variableName')}
        valueLabel={t('variableValue')}
        add={t('addVariable')}
        mono
      />
    </>
  );
}
