'use client';

import { useTranslations } from 'next-intl';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import type { HttpConfig } from '#core/jobs/kinds/http.ts';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { FormField, NumberField, TextBoxField, TextField } from '../editor-fields.tsx';
import type { EditorForm } from '../editor-form.ts';
import { PairsField } from '../editor-lines.tsx';

type Method = HttpConfig['method'];

const hasBody: Readonly<Record<Method, boolean>> = {
  GET: false,
  HEAD: false,
  POST: true,
  PUT: true,
  PATCH: true,
  DELETE: true,
  OPTIONS: true,
};
const methods = Object.keys(hasBody) as Method[];

export function HttpFields() {
  const t = useTranslations('editor');
  const { control, register } = useFormContext<EditorForm>();
  const { field: method } = useController({ control, name: 'http.method' });
  const body = useWatch({ control, name: 'http.body' });
  return (
    <>
      <FormField name="http.url" label={t('address')} explanation={t('addressHint')}>
        <span className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-2">
          <Select
            id="http.method"
            aria-label={t('method')}
            options={methods.map((value) => ({ value, label: value }))}
            value={method.value}
            onValueChange={method.onChange}
          />
          <Input
            {...register('http.url')}
            mono
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://example.com/jobs/import"
          />
        </span>
      </FormField>
      <PairsField
        name="http.headers"
        label={t('headers')}
        explanation={t('headersHint')}
        nameLabel={t('headerName')}
        valueLabel={t('headerValue')}
        add={t('addHeader')}
        mono
      />
      {(hasBody[method.value] || body !== '') && (
        <TextBoxField
          name="http.body"
          label={t('body')}
          explanation={t('bodyHint')}
          mono
          rows={5}
        />
      )}
      <TextField
        name="http.expectedStatuses"
        label={t('expectedStatuses')}
        explanation={t('expectedStatusesHint')}
        mono
        half
      />
      <NumberField
        name="http.maxRedirects"
        label={t('maxRedirects')}
        explanation={t('maxRedirectsHint')}
      />
    </>
  );
}
