'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useController, useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import type { Parameter } from '#core/jobs/parameters.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { FormField, LineProblem, useLineControl } from './editor-fields.tsx';
import { choicesOf } from './definition-of-form.ts';
import type { EditorForm, ParameterForm } from './editor-form.ts';
import { AddLine, RemoveLine } from './editor-lines.tsx';

// Only what runs as a process can be told.
const TellParameters = dynamic(
  () => import('./editor-tell-parameters.tsx').then((file) => file.TellParameters),
  { ssr: false },
);

const SensitiveParameter = dynamic(
  () => import('./editor-sensitive-parameter.tsx').then((file) => file.SensitiveParameter),
  { ssr: false },
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

function ParameterLines({ index, onRemove }: { index: number; onRemove: () => void }) {
  const t = useTranslations('editor');
  const name = `parameters.${index}` as const;
  const { control, register } = useFormContext<EditorForm>();
  const { field: type } = useController({ control, name: `${name}.type` });
  const { field: hasDefault } = useController({ control, name: `${name}.hasDefault` });
  const number = index + 1;
  const choices = useLineControl(`${name}.choices`, t('parameterChoices', { number }));
  return (
    <div className="grid gap-2 border-l-2 border-line-strong pl-3">
      <div className="grid grid-cols-[minmax(0,1fr)_8rem_auto] gap-2">
        <Input
          {...register(`${name}.name`)}
          {...useLineControl(`${name}.name`, t('parameterName', { number }))}
          placeholder={t('parameterNamePlaceholder')}
          autoComplete="off"
          spellCheck={false}
          mono
        />
        <Select
          id={`${name}.type`}
          aria-label={t('parameterType', { number })}
          options={types.map((value) => ({ value, label: t(`type.${value}`) }))}
          value={type.value}
          onValueChange={type.onChange}
        />
        <RemoveLine onRemove={onRemove} />
      </div>
      <LineProblem name={`${name}.name`} />
      <Input
        {...register(`${name}.description`)}
        {...useLineControl(`${name}.description`, t('parameterDescription', { number }))}
        placeholder={t('parameterDescriptionPlaceholder')}
        autoComplete="off"
      />
      <LineProblem name={`${name}.description`} />
      {type.value === 'choice' && (
        <>
          <Textarea
            {...register(`${name}.choices`)}
            {...choices}
            placeholder={t('parameterChoicesPlaceholder')}
            rows={2}
          />
          <LineProblem name={`${name}.choices`} />
        </>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2" data-control={`${name}.default`}>
        <CheckboxLine
          id={`${name}.hasDefault`}
          label={t('hasDefault')}
          checked={hasDefault.value}
          onCheckedChange={hasDefault.onChange}
        />
        {hasDefault.value && (
          <span className="min-w-40 flex-1">
            <DefaultControl index={index} type={type.value} />
          </span>
        )}
      </div>
      <LineProblem name={`${name}.default`} />
      {type.value === 'text' && <SensitiveParameter index={index} />}
    </div>
  );
}

const types: readonly Parameter['type'][] = ['text', 'number', 'boolean', 'choice'];

function DefaultControl({ index, type }: { index: number; type: Parameter['type'] }) {
  const t = useTranslations('editor');
  const { control, register } = useFormContext<EditorForm>();
  const name = `parameters.${index}.default` as const;
  const { field } = useController({ control, name });
  const choices = useWatch({ control, name: `parameters.${index}.choices` });
  const line = useLineControl(name, t('parameterDefault', { number: index + 1 }));
  if (type === 'text' || type === 'number') {
    return (
      <Input
        {...register(name)}
        {...line}
        inputMode={type === 'number' ? 'decimal' : undefined}
        autoComplete="off"
        placeholder={type === 'text' ? t('emptyText') : undefined}
      />
    );
  }
  const options =
    type === 'boolean'
      ? [
          { value: 'true', label: t('yes') },
          { value: 'false', label: t('no') },
        ]
      : [...new Set(choicesOf(choices))].map((value) => ({ value, label: value }));
  return <Select {...line} options={options} value={field.value} onValueChange={field.onChange} />;
}
