'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Outcome, Refusal } from '#core/outcome.ts';
import { notifyFailure } from '#components/ui/toast.tsx';

/**
 * Carries out a server action: `pending` names the one that is under way, a refusal is told, and a request that never
 * came back as well.
 */
export function useAct<Name extends string>() {
  const t = useTranslations('job');
  const [pending, setPending] = useState<Name | null>(null);

  /** What the action gave, or null when it was refused. `onRefused` tells a refusal where it belongs. */
  const act = async <Value>(
    name: Name,
    action: () => Promise<Outcome<Value>>,
    onRefused: (refusal: Refusal) => void = (refusal) => notifyFailure(refusal.message),
  ): Promise<Value | null> => {
    setPending(name);
    try {
      const outcome = await action();
      if (outcome.ok) return outcome.value;
      onRefused(outcome.refusal);
    } catch {
      onRefused({ code: 'unavailable', message: t('unreachable') });
    } finally {
      setPending(null);
    }
    return null;
  };

  return { act, pending };
}
