'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { type FieldPath, useFormContext, useWatch } from 'react-hook-form';
import { secretList } from '#components/secrets/secret-queries.ts';
import { Combobox } from '#components/ui/combobox.tsx';
import { Field } from '#components/ui/field.tsx';
import { mayUse } from '#core/secrets/may-use.ts';
import type { EditorForm } from './editor-form.ts';

type Place = { name: FieldPath<EditorForm>; from: number; to: number };

// Where secrets are filled in: the address, headers, the body, and environments.
const TAKES_SECRETS =
  /^(http\.(url|body|headers\.\d+\.value)|(command|script)\.environment\.\d+\.value)$/;

/** Puts a secret's placeholder where one typed last; else into a new header or variable. */
export function InsertSecret() {
  const t = useTranslations('secrets.pick');
  const { control, getValues, setValue, setFocus } = useFormContext<EditorForm>();
  const [isWanted, setIsWanted] = useState(false);
  const { data, isError } = useQuery({ ...secretList, enabled: isWanted, retry: false });
  const [kind, key, labels] = useWatch({ control, name: ['kind', 'key', 'labels'] });
  const place = useLastPlace();
  const job = { key, labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])) };
  const usable = (data?.secrets ?? []).filter(({ limits }) => mayUse(limits, job));

  const insert = (secret: string) => {
    const placeholder = `{{secret.${secret}}}`;
    const at = place.current;
    const options = { shouldDirty: true, shouldTouch: true };
    if (at !== null && at.name.startsWith(`${kind}.`)) {
      const value: unknown = getValues(at.name);
      const text = typeof value === 'string' ? value : '';
      setValue(at.name, text.slice(0, at.from) + placeholder + text.slice(at.to), options);
      setFocus(at.name);
      return;
    }
    const list = kind === 'http' ? 'http.headers' : (`${kind}.environment` as const);
    const lines = getValues(list);
    const line = { name: kind === 'http' ? '' : secret, value: placeholder };
    setValue(list, [...lines, line], options);
  };
  return (
    <Field
      layout="side"
      label={t('label')}
      explanation={t('hint', { placeholder: '{{secret.NAME}}' })}
      error={isError ? t('problem') : undefined}
    >
      <span
        className="block desk:max-w-70"
        onPointerEnter={() => setIsWanted(true)}
        onFocus={() => setIsWanted(true)}
      >
        <Combobox
          options={usable.map(({ name }) => ({ value: name, label: name }))}
          value={data && usable.length === 0 ? t('none') : t('insert')}
          onValueChange={insert}
          searchPlaceholder={t('search')}
          isLoading={isWanted && !data && !isError}
          mono={false}
        />
      </span>
    </Field>
  );
}

/** The control in which one typed last, of those that take secrets, and where in it. */
function useLastPlace() {
  const place = useRef<Place | null>(null);
  useEffect(() => {
    const remember = ({ target }: Event) => {
      if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
      if (!TAKES_SECRETS.test(target.name)) return;
      place.current = {
        name: target.name as FieldPath<EditorForm>,
        from: target.selectionStart ?? target.value.length,
        to: target.selectionEnd ?? target.value.length,
      };
    };
    document.addEventListener('focusout', remember);
    return () => document.removeEventListener('focusout', remember);
  }, []);
  return place;
}
