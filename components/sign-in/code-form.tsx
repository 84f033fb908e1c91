'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Outcome } from '#core/outcome.ts';
import { CodeField } from './code-field.tsx';
import { textOf } from './text-of.ts';
import { useEntry } from './use-entry.ts';

type EnterCode = (input: { code: string; next: string }) => Promise<Outcome<{ next: string }>>;

/**
 * Asks for the code that follows the password, or for a recovery code.
 *
 * @param email whose password was right; null where none was, or it is too long ago
 * @param again where one begins anew
 */
export function CodeForm({
  email,
  next,
  again,
  enterCode,
}: {
  email: string | null;
  next: string;
  again: string;
  enterCode: EnterCode;
}) {
  const t = useTranslations('secondFactor');
  const { isPending, problem, isOver, at, submit } = useEntry(enterCode);
  const [isRecovery, setIsRecovery] = useState(false);
  if (email === null || isOver) {
    return (
      <Notice title={t('over')} actions={<TextLink href={again}>{t('again')}</TextLink>}>
        {problem ?? t('overSentence')}
      </Notice>
    );
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    submit({ code: textOf(new FormData(event.currentTarget), 'code'), next });
  };
  return (
    <>
      <p className="-mt-3 mb-5 text-body text-pretty break-words text-ink-2">
        {t('codeFor', { email })}
      </p>
      <form onSubmit={onSubmit} noValidate className="grid gap-4">
        {problem && !at('code') && (
          <div role="alert">
            <Notice tone="fail">{problem}</Notice>
          </div>
        )}
        <CodeField
          key={String(isRecovery)}
          isRecovery={isRecovery}
          explanation={t(isRecovery ? 'recoveryHint' : 'codeHint')}
          error={at('code')}
        />
        <Button type="submit" variant="primary" pending={isPending} className="mt-1 w-full">
          {t('enter')}
        </Button>
      </form>
      <p className="mt-4 flex flex-wrap justify-between gap-x-4 gap-y-2 text-table">
        <button
          type="button"
          className="text-accent underline-offset-[3px] hover:underline phone:py-2"
          onClick={() => setIsRecovery(!isRecovery)}
        >
          {t(isRecovery ? 'useCode' : 'useRecovery')}
        </button>
        <TextLink href={again} className="phone:py-2">
          {t('otherAccount')}
        </TextLink>
      </p>
      <p className="mt-6 text-meta text-pretty text-ink-3">{t('lostBoth')}</p>
    </>
  );
}
