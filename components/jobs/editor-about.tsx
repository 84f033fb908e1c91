'use client';

import { useTranslations } from 'next-intl';
import { useWatch, useFormContext } from 'react-hook-form';
import { NumberField, RadioField, TextBoxField, TextField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { PairsField } from './editor-lines.tsx';
import { EditorSection } from './editor-section.tsx';

/** The question that every job is asked, without a default: what a lost run means differs from job to job. */
export function MayRunTwice() {
  const t = useTranslations('editor');
  return (
    <EditorSection of="what" name="twice" title={t('section.twice')} sentence={t('twiceSentence')}>
      <RadioField
        name="mayRunTwice"
        label={t('mayRunTwice')}
        layout="list"
        options={(['yes', 'no'] as const).map((value) => ({
          value,
          label: t(`twiceName.${value}`),
          hint: t(`twiceHint.${value}`),
        }))}
      />
    </EditorSection>
  );
}

export function AboutIt() {
  const t = useTranslations('editor');
  return (
    <EditorSection of="what" name="about" title={t('section.about')} sentence={t('aboutSentence')}>
      <TextField name="owner" label={t('owner')} explanation={t('ownerHint')} half />
      <PairsField
        name="labels"
        label={t('labels')}
        explanation={t('labelsHint')}
        nameLabel={t('labelName')}
        valueLabel={t('labelValue')}
        add={t('addLabel')}
      />
      <TextField
        name="runbookUrl"
        label={t('runbook')}
        explanation={t('runbookHint')}
        placeholder="https://"
      />
      <TextBoxField name="notes" label={t('notes')} explanation={t('notesHint')} rows={5} />
      <PairsField
        name="fields"
        label={t('fields')}
        explanation={t('fieldsHint')}
        nameLabel={t('fieldName')}
        valueLabel={t('fieldValue')}
        add={t('addField')}
      />
    </EditorSection>
  );
}

export function Keeping({ installationDays }: { installationDays: number | null }) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const days = useWatch({ control, name: 'retentionDays' });
  return (
    <EditorSection of="what" name="keeping" title={t('section.keeping')}>
      <NumberField
        name="retentionDays"
        label={t('retention')}
        unit={t('days')}
        explanation={
          days.trim() === '' && installationDays !== null
            ? t('retentionHintInstallation', { days: installationDays })
            : t('retentionHint')
        }
      />
      <NumberField
        name="keepRuns"
        label={t('keepRuns')}
        unit={t('runs')}
        explanation={t('keepRunsHint')}
      />
      <NumberField
        name="logLimitMb"
        label={t('logLimit')}
        unit={t('mb')}
        explanation={t('logLimitHint')}
      />
    </EditorSection>
  );
}
