'use client';

import { useTranslations } from 'next-intl';
import type { ScriptConfig } from '#core/jobs/kinds/script.ts';
import { ChoiceField, TextBoxField } from '../editor-fields.tsx';
import { EnvironmentField } from './environment-field.tsx';

const interpreterNames: Readonly<Record<ScriptConfig['interpreter'], string>> = {
  sh: 'sh',
  bash: 'Bash',
  python3: 'Python 3',
  node: 'Node.js',
};
const interpreters = Object.entries(interpreterNames).map(([value, label]) => ({ value, label }));

export function ScriptFields() {
  const t = useTranslations('editor');
  return (
    <>
      <ChoiceField
        name="script.interpreter"
        label={t('interpreter')}
        explanation={t('interpreterHint')}
        options={interpreters}
      />
      <TextBoxField
        name="script.text"
        label={t('script')}
        explanation={t('scriptHint')}
        mono
        rows={10}
      />
      <EnvironmentField name="script.environment" />
    </>
  );
}
