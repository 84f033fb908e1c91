'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFieldArray, useFormContext, type FieldPath } from 'react-hook-form';
import { Button, IconButton } from '#components/ui/button.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { FormField, LineProblem, useLineControl, type FormFieldProps } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';

type PairList =
  'labels' | 'runsOn' | 'fields' | 'http.headers' | 'command.environment' | 'script.environment';

/** A list of names and values: labels, headers, variables. */
export function PairsField({
  name,
  nameLabel,
  valueLabel,
  add,
  mono = false,
  ...field
}: Omit<FormFieldProps, 'name'> & {
  name: PairList;
  nameLabel: string;
  valueLabel: string;
  add: string;
  mono?: boolean;
}) {
  const { control } = useFormContext<EditorForm>();
  const { fields, append, remove } = useFieldArray({ control, name });
  return (
    <FormField name={name} {...field} group>
      <div className="grid gap-2">
        {fields.map((line, index) => (
          <PairLine
            key={line.id}
            name={`${name}.${index}`}
            labels={[`${nameLabel} ${index + 1}`, `${valueLabel} ${index + 1}`]}
            placeholders={[nameLabel, valueLabel]}
            mono={mono}
            onRemove={() => remove(index)}
          />
        ))}
      </div>
      <AddLine onAdd={() => append({ name: '', value: '' })} isFirst={fields.length === 0}>
        {add}
      </AddLine>
    </FormField>
  );
}

function PairLine({
  name,
  labels,
  placeholders,
  mono,
  onRemove,
}: {
  name: `${PairList}.${number}`;
  labels: [string, string];
  placeholders: [string, string];
  mono: boolean;
  onRemove: () => void;
}) {
  const { register } = useFormContext<EditorForm>();
  const nameControl: FieldPath<EditorForm> = `${name}.name`;
  const valueControl: FieldPath<EditorForm> = `${name}.value`;
  return (
    <div>
      <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] gap-2">
        <Input
          {...register(nameControl)}
          {...useLineControl(nameControl, labels[0])}
          placeholder={placeholders[0]}
          autoComplete="off"
          spellCheck={false}
          mono={mono}
        />
        <Input
          {...register(valueControl)}
          {...useLineControl(valueControl, labels[1])}
          placeholder={placeholders[1]}
          autoComplete="off"
          spellCheck={false}
          mono={mono}
        />
        <RemoveLine onRemove={onRemove} />
      </div>
      <LineProblem name={nameControl} />
      <LineProblem name={valueControl} />
    </div>
  );
}

/** The arguments of a program, one each; an argument may have line breaks. */
export function ArgumentsField(field: Omit<FormFieldProps, 'name'>) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const { fields, append, insert, remove } = useFieldArray({ control, name: 'command.args' });
  return (
    <FormField name="command.args" {...field} group>
      <div className="grid gap-2">
        {fields.map((line, index) => (
          <ArgumentLine
            key={line.id}
            index={index}
            onNext={() => insert(index + 1, { value: '' })}
            onRemove={() => remove(index)}
          />
        ))}
      </div>
      <AddLine onAdd={() => append({ value: '' })} isFirst={fields.length === 0}>
        {t('addArgument')}
      </AddLine>
    </FormField>
  );
}

function ArgumentLine({
  index,
  onNext,
  onRemove,
}: {
  index: number;
  onNext: () => void;
  onRemove: () => void;
}) {
  const t = useTranslations('editor');
  const { register } = useFormContext<EditorForm>();
  const name: FieldPath<EditorForm> = `command.args.${index}.value`;
  return (
    <div>
      <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-2">
        {/* A one-line input would cut line breaks out of an argument that has them. */}
        <Textarea
          {...register(name)}
          {...useLineControl(name, t('argumentNumber', { number: index + 1 }))}
          rows={1}
          mono
          spellCheck={false}
          className="min-h-control resize-none"
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.metaKey || event.ctrlKey) return;
            event.preventDefault();
            onNext();
          }}
        />
        <RemoveLine onRemove={onRemove} />
      </div>
      <LineProblem name={name} />
    </div>
  );
}

export function AddLine({
  onAdd,
  isFirst,
  children,
}: {
  onAdd: () => void;
  /** Nothing stands above it yet. */
  isFirst: boolean;
  children: ReactNode;
}) {
  return (
    <Button
      variant="quiet"
      size="small"
      icon={<Plus aria-hidden />}
      onClick={onAdd}
      className={isFirst ? '-ml-2' : 'mt-2 -ml-2'}
    >
      {children}
    </Button>
  );
}

export function RemoveLine({ onRemove }: { onRemove: () => void }) {
  const t = useTranslations('editor');
  return (
    <IconButton label={t('removeLine')} onClick={onRemove}>
      <X aria-hidden />
    </IconButton>
  );
}
