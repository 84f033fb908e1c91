'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Outcome, Refusal } from '#core/outcome.ts';

/**
 * Sends what was typed to an action that signs in, and goes where it says, with a full load, so that nothing of
 * whoever used this tab before stays in it. A refusal leaves the form as it was.
 */
export function useEntry<Input>(action: (input: Input) => Promise<Outcome<{ next: string }>>) {
  const t = useTranslations('signIn');
  const [isPending, setIsPending] = useState(false);
  const [refusal, setRefusal] = useState<
    (Pick<Refusal, 'message' | 'fields'> & { code?: Refusal['code'] }) | null
  >(null);

  const submit = (input: Input) => {
    if (isPending) return;
    setIsPending(true);
    setRefusal(null);
    void action(input)
      .then((outcome) => {
        if (outcome.ok) {
          window.location.assign(outcome.value.next);
          return;
        }
        setRefusal(outcome.refusal);
        setIsPending(false);
      })
      .catch(() => {
        setRefusal({ message: t('unreachable') });
        setIsPending(false);
      });
  };
  /** What is wrong with a field of the form. */
  const at = (field: string) =>
    refusal?.fields?.find(({ path }) => path[path.length - 1] === field)?.message;
  /** What came before is too long ago: nothing but beginning anew helps. */
  const isOver = refusal?.code === 'signed_out';
  return { isPending, problem: refusal?.message, isOver, at, submit };
}
