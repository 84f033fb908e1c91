'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** Where a code is typed; devices that know the code offer to fill it in. */
export function CodeField({
  isRecovery = false,
  takesEither = false,
  explanation,
  error,
}: {
  isRecovery?: boolean | undefined;
  /** A recovery code does as well. */
  takesEither?: boolean | undefined;
  explanation?: ReactNode;
  error?: ReactNode;
}) {
  const t = useTranslations('secondFactor');
  const isDigits = !isRecovery && !takesEither;
  return (
    <Field
      label={t(takesEither ? 'proofCode' : isRecovery ? 'recovery' : 'code')}
      explanation={explanation}
      error={error}
    >
      <Input
        name="code"
        mono
        autoComplete="one-time-code"
        inputMode={isDigits ? 'numeric' : 'text'}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        autoFocus={!takesEither}
        required
      />
    </Field>
  );
}
