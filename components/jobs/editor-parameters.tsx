'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { nothing } from '#components/ui/nothing.ts';
import { FormField } from './editor-fields.tsx';
import type { EditorForm, ParameterForm } from './editor-form.ts';
import { AddLine } from './editor-lines.tsx';

// Only what runs as a process can be told.
const TellParameters = dynamic(
  () => import('./editor-tell-parameters.tsx').then((file) => file.TellParameters),
  { ssr: false },
);

// Few jobs have parameters.
const ParameterLines = dynamic(
  () => import('./editor-parameter.tsx').then((file) => file.ParameterLines),
  { loading: nothing },
);

const newParameter: ParameterForm = {
  name: '',
  type: 'text',
  description: '',
  hasDefault: false,
  default: '',
  choices: '',
  isSensitive: false,
};

/** What a trigger may set: name, type, and what it is without one. */
export function ParametersField() {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const { fields, append, remove } = useFieldArray({ control, name: 'parameters' });
  const kind = useWatch({ control, name: 'kind' });
  return (
    <FormField
      name="parameters"
      label={t('parameters')}
      explanation={t(kind === 'script' ? 'parametersHintScript' : 'parametersHint', {
        // Braces are a message's own marks: the placeholder goes in as a value.
        placeholder: '{{param.NAME}}',
      })}
      group
    >
      <div className="grid gap-3">
        {fields.map((field, index) => (
          <ParameterLines key={field.id} index={index} onRemove={() => remove(index)} />
        ))}
      </div>
      <AddLine onAdd={() => append(newParameter)} isFirst={fields.length === 0}>
        {t('addParameter')}
      </AddLine>
      {fields.length > 0 && kind !== 'http' && <TellParameters />}
    </FormField>
  );
}
