'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useFormContext, useWatch } from 'react-hook-form';
import type { KindName } from '#core/jobs/kinds/kinds.ts';
import { RadioField, TextField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { ParametersField } from './editor-parameters.tsx';
import { Reach } from './editor-reach.tsx';
import { EditorSection } from './editor-section.tsx';
import { kindFields, kindNames } from './kinds/kind-fields.tsx';

const InsertSecret = dynamic(
  () => import('./editor-insert-secret.tsx').then((file) => file.InsertSecret),
  { ssr: false },
);

export function WhatItRuns({
  kindsOff,
  kindsClosed,
}: {
  kindsOff: readonly KindName[];
  /** Those that one may not give to a job. */
  kindsClosed: readonly KindName[];
}) {
  const t = useTranslations('editor');
  const who = useTranslations('whoMay');
  const { control } = useFormContext<EditorForm>();
  const kind = useWatch({ control, name: 'kind' });
  const KindFields = kindFields[kind];
  return (
    <EditorSection name="what" title={t('section.what')}>
      <Reach of="what">
        <TextField
          name="key"
          label={t('key')}
          explanation={t('keyHint')}
          placeholder="nightly-backup"
          mono
          half
        />
      </Reach>
      <Reach of="work">
        <RadioField
          name="kind"
          label={t('kind')}
          explanation={
            kindsClosed.length === 0
              ? t(`kindHint.${kind}`)
              : `${t(`kindHint.${kind}`)} ${kindsClosed.map((each) => t(`kindName.${each}`)).join(', ')}: ${who('job:write_host')}`
          }
          options={kindNames.map((value) => ({
            value,
            label: t(`kindName.${value}`),
            disabled: kindsOff.includes(value) || kindsClosed.includes(value),
            hint: kindsOff.includes(value) ? t('kindOff') : undefined,
          }))}
        />
        <KindFields />
        <InsertSecret />
        <ParametersField />
      </Reach>
    </EditorSection>
  );
}
