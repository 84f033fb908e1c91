import { Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';

/** Beside a page of the rail that one may not open. */
export function ClosedMark() {
  const t = useTranslations('shell');
  return (
    <span title={t('closed')}>
      <Lock aria-hidden strokeWidth={1.75} className="size-3.5 text-ink-3" />
      <span className="sr-only"> {t('closed')}</span>
    </span>
  );
}
