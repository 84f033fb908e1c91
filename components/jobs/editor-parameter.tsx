'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import type { Parameter } from '#core/jobs/parameters.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { choicesOf } from './definition-of-form.ts';
import { LineProblem, useLineControl } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { RemoveLine } from './editor-lines.tsx';

const SensitiveParameter = dynamic(
  () => import('./editor-sensitive-parameter.tsx').then((file) => file.SensitiveParameter),
  { ssr: false },
);

/** One parameter: its name, type and description, and what it is where nobody says. */
export function ParameterLines({ index, onRemove }: { index: number; onRemove: () => void }) {
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
