'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { LedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { Button } from '#components/ui/button.tsx';

/** A stretch of the same length before or after this one. */
export function Steps({
  sums: { from, to },
  isNewest,
  onStep,
}: {
  sums: LedgerSums;
  isNewest: boolean;
  onStep: (stretch: { from: string | null; to: string | null }) => void;
}) {
  const t = useTranslations('ledger');
  const clock = useClock();
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const lengthMs = toMs - fromMs;
  const iso = (ms: number) => new Date(ms).toISOString();
  const later = () => {
    const isLast = toMs + lengthMs >= clock.now();
    onStep(isLast ? { from: null, to: null } : { from: to, to: iso(toMs + lengthMs) });
  };
  return (
    <span className="flex gap-2">
      <Button size="small" onClick={() => onStep({ from: iso(fromMs - lengthMs), to: from })}>
        <ChevronLeft aria-hidden />
        {t('earlier')}
      </Button>
      <Button size="small" disabled={isNewest} onClick={later}>
        {t('later')}
        <ChevronRight aria-hidden />
      </Button>
    </span>
  );
}
