'use client';

import { useTranslations } from 'next-intl';
import { TextField } from '../editor-fields.tsx';
import { ArgumentsField } from '../editor-lines.tsx';
import { EnvironmentField } from './environment-field.tsx';

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
      <EnvironmentField name="command.environment" />
    </>
  );
}
