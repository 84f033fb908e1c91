'use client';

import { useTranslations } from 'next-intl';
import { LabelChip } from '#components/ui/label-chip.tsx';
import type { Trigger } from '#core/runs/states.ts';

/** Marks a test, which counts nowhere; nothing beside any other run. */
export function TestChip({ trigger, className }: { trigger: Trigger; className?: string }) {
  const t = useTranslations('runs');
  if (trigger !== 'test') return null;
  return <LabelChip className={className}>{t('trigger.test')}</LabelChip>;
}
