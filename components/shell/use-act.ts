'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import type { Outcome, Refusal } from '#core/outcome.ts';
import { notifyFailure } from '#components/ui/toast.tsx';

type OnRefused = (refusal: Refusal) => void;

/** Carries out server actions as `useCarryOut` does; `pending` names the one that is under way. */
export function useAct<Name extends string>() {
  const carryOut = useCarryOut();
  const [pending, setPending] = useState<Name | null>(null);
  const act = async <Value>(
    name: Name,
    action: () => Promise<Outcome<Value>>,
    onRefused?: OnRefused,
  ): Promise<Value | null> => {
    setPending(name);
    const value = await carryOut(action, onRefused);
    setPending(null);
    return value;
  };
  return { act, pending };
}

/**
 * Carries out a server action: what it gave, or null when it was refused or never came back. `onRefused` tells so where
 * it belongs; without it a note does. The function stays the same.
 */
export function useCarryOut() {
  const t = useTranslations('common');
  return useCallback(
    async <Value>(
      action: () => Promise<Outcome<Value>>,
      onRefused: OnRefused = ({ message }) => notifyFailure(message),
    ): Promise<Value | null> => {
      const unreachable: Refusal = { code: 'unavailable', message: t('unreachable') };
      const outcome = await action().catch(() => ({ ok: false as const, refusal: unreachable }));
      if (outcome.ok) return outcome.value;
      onRefused(outcome.refusal);
      return null;
    },
    [t],
  );
}
