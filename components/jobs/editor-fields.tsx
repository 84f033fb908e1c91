'use client';

import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { get, useController, useFormContext, useFormState, type FieldPath } from 'react-hook-form';
import { Field } from '#components/ui/field.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { RadioGroup, type RadioOption } from '#components/ui/radio-group.tsx';
import { Select, type SelectOption } from '#components/ui/select.tsx';
import { useStillWhilePressed } from '#components/ui/use-still-while-pressed.ts';
import type { EditorForm } from './editor-form.ts';

export type ControlName = FieldPath<EditorForm>;

/**
 * What is wrong at a control, or at the list of that name as a whole: told once it was left, or a save was tried. A line
 * that was just added isn't wrong yet.
 */
export function useProblem(name: ControlName): string | undefined {
  const { control } = useFormContext<EditorForm>();
  const { errors, touchedFields, submitCount } = useFormState({ control, name });
  const isTold = submitCount > 0 || get(touchedFields, name) !== undefined;
  const problem: { message?: string; root?: { message?: string } } | undefined = get(errors, name);
  // A field is left when the pointer goes down on the next control, which mustn't move before it is clicked.
  return useStillWhilePressed(isTold ? (problem?.message ?? problem?.root?.message) : undefined);
}

export type FormFieldProps = {
  name: ControlName;
  label: ReactNode;
  explanation?: ReactNode;
  aside?: ReactNode;
};

/** A field of the editor. `data-control` is where the first problem is looked for after a save. */
export function FormField({
  name,
  group,
  children,
  ...rest
}: FormFieldProps & { group?: boolean; children: ReactNode }) {
  return (
    <div data-control={name}>
      <Field layout="side" error={useProblem(name)} group={group} {...rest}>
        {children}
      </Field>
    </div>
  );
}

type TextProps = FormFieldProps & {
  placeholder?: string;
  mono?: boolean;
  /** A short value: half of the column. */
  half?: boolean;
};

export function TextField({ placeholder, mono, half, ...field }: TextProps) {
  const { register } = useFormContext<EditorForm>();
  return (
    <FormField {...field}>
      <Input
        {...register(field.name)}
        placeholder={placeholder}
        mono={mono}
        autoComplete="off"
        spellCheck={mono ? false : undefined}
        className={half ? 'desk:max-w-70' : undefined}
      />
    </FormField>
  );
}

export function TextBoxField({
  placeholder,
  mono,
  rows,
  ...field
}: Omit<TextProps, 'half'> & { rows?: number }) {
  const { register } = useFormContext<EditorForm>();
  return (
    <FormField {...field}>
      <Textarea
        {...register(field.name)}
        placeholder={placeholder}
        mono={mono}
        rows={rows}
        spellCheck={mono ? false : undefined}
      />
    </FormField>
  );
}

/** A whole number with its unit behind it. */
export function NumberField({ unit, ...field }: FormFieldProps & { unit?: ReactNode }) {
  const { register } = useFormContext<EditorForm>();
  return (
    <FormField {...field}>
      <span className="flex items-center gap-2 text-table text-ink-2">
        <Input
          {...register(field.name)}
          inputMode="decimal"
          autoComplete="off"
          className="w-24 text-right"
        />
        {unit}
      </span>
    </FormField>
  );
}

export function ChoiceField<Value extends string>({
  options,
  ...field
}: FormFieldProps & { options: readonly SelectOption<Value>[] }) {
  const { control } = useFormContext<EditorForm>();
  const { field: own } = useController({ control, name: field.name });
  return (
    <FormField {...field}>
      <Select
        options={options}
        value={own.value as Value}
        onValueChange={own.onChange}
        onBlur={own.onBlur}
        className="desk:max-w-70"
      />
    </FormField>
  );
}

export function RadioField<Value extends string>({
  options,
  layout,
  ...field
}: FormFieldProps & { options: readonly RadioOption<Value>[]; layout?: 'inline' | 'list' }) {
  const { control } = useFormContext<EditorForm>();
  const { field: own } = useController({ control, name: field.name });
  return (
    <FormField {...field} group>
      <RadioGroup
        options={options}
        value={(own.value as Value | '') || undefined}
        onValueChange={own.onChange}
        layout={layout}
      />
    </FormField>
  );
}

/** The problem of one control in a line of several. */
export function LineProblem({ name }: { name: ControlName }) {
  const problem = useProblem(name);
  if (problem === undefined) return null;
  return (
    <p
      id={`${name}-problem`}
      role="alert"
      className="mt-1 flex items-start gap-1.5 text-meta text-pretty text-fail-ink"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
      <span>{problem}</span>
    </p>
  );
}

/** What ties one control of a line to its words and to its `LineProblem`. */
export function useLineControl(name: ControlName, label: string) {
  const isWrong = useProblem(name) !== undefined;
  return {
    id: name,
    'aria-label': label,
    'aria-invalid': isWrong,
    'aria-describedby': isWrong ? `${name}-problem` : undefined,
    'data-control': name,
  };
}
