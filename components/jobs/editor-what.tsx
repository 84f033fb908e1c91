'use client';

import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import type { KindName } from '#core/jobs/kinds/kinds.ts';
import { RadioField, TextField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { ParametersField } from './editor-parameters.tsx';
import { EditorSection } from './editor-section.tsx';
import { kindFields, kindNames } from './kinds/kind-fields.tsx';

export function WhatItRuns({ kindsOff }: { kindsOff: readonly KindName[] }) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const kind = useWatch({ control, name: 'kind' });
  const KindFields = kindFields[kind];
  return (
    <EditorSection name="what" title={t('section.what')}>
      <TextField
        name="key"
        label={t('key')}
        explanation={t('keyHint')}
        placeholder="nightly-backup"
        mono
        half
      />
      <RadioField
        name="kind"
        label={t('kind')}
        explanation={t(`kindHint.${kind}`)}
        options={kindNames.map((value) => ({
          value,
          label: t(`kindName.${value}`),
          disabled: kindsOff.includes(value),
          hint: kindsOff.includes(value) ? t('kindOff') : undefined,
        }))}
      />
      <KindFields />
      <ParametersField />
    </EditorSection>
  );
}
