'use client';

import { useTranslations } from 'next-intl';
import type { Parameter, ParameterValues } from '#core/jobs/parameters.ts';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { numberOf } from '#components/ui/typed-number.ts';

/** What is typed for each parameter, by name; a parameter that isn't there hasn't been touched. */
export type TypedParameters = Readonly<Record<string, string>>;

/** A field for each parameter of a job, with what it has without an answer. */
export function ParameterFields({
  parameters,
  typed,
  problems,
  onType,
}: {
  parameters: readonly Parameter[];
  typed: TypedParameters;
  /** What is wrong, by name. */
  problems: Readonly<Record<string, string>>;
  onType: (name: string, value: string) => void;
}) {
  const t = useTranslations('job');
  return parameters.map((parameter) => (
    <Field
      key={parameter.name}
      label={<span className="font-mono font-medium">{parameter.name}</span>}
      explanation={parameter.description || undefined}
      error={problems[parameter.name]}
      aside={parameter.default === null ? t('parameterNeeded') : undefined}
    >
      <ParameterControl
        parameter={parameter}
        value={typed[parameter.name] ?? textOfDefault(parameter)}
        onType={(value) => onType(parameter.name, value)}
      />
    </Field>
  ));
}

function ParameterControl({
  parameter,
  value,
  onType,
}: {
  parameter: Parameter;
  value: string;
  onType: (value: string) => void;
}) {
  const t = useTranslations('job');
  if (parameter.type === 'text' || parameter.type === 'number') {
    return (
      <Input
        value={value}
        onChange={(event) => onType(event.target.value)}
        type={parameter.isSensitive ? 'password' : 'text'}
        inputMode={parameter.type === 'number' ? 'decimal' : undefined}
        autoComplete={parameter.isSensitive ? 'new-password' : 'off'}
      />
    );
  }
  const options =
    parameter.type === 'boolean'
      ? [
          { value: 'true', label: t('yes') },
          { value: 'false', label: t('no') },
        ]
      : parameter.choices.map((choice) => ({ value: choice, label: choice }));
  return (
    <Select options={options} value={value} onValueChange={onType} placeholder={t('choose')} />
  );
}

/**
 * The values to send: a parameter that wasn't touched has its default, and one without a default isn't sent, so that
 * the use-case asks for it.
 */
export function parametersOf(
  parameters: readonly Parameter[],
  typed: TypedParameters,
): ParameterValues {
  const values: ParameterValues = {};
  for (const { name, type } of parameters) {
    const text = typed[name];
    if (text === undefined) continue;
    if (type === 'number') values[name] = numberOf(text);
    else if (type === 'boolean') values[name] = text === 'true';
    else values[name] = text;
  }
  return values;
}

function textOfDefault({ default: given }: Parameter): string {
  return given === null ? '' : String(given);
}
