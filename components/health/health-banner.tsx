import { useTranslations } from 'next-intl';
import { Banner } from '#components/ui/banner.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { ShellHealth } from '#core/overview/shell.ts';

/** Says on every page that Punctual itself is in trouble: the worst of it, in one line. */
export function HealthBanner({
  health: { check, count, isKnown, others },
  mayOpen,
}: {
  health: Extract<ShellHealth, { level: 'bad' | 'warn' }>;
  mayOpen: boolean;
}) {
  const t = useTranslations('health');
  const words = t(isKnown ? `check.${check}.title` : `check.${check}.unknown`, {
    count,
    value: '',
    about: '',
  }).replace(/[.。]$/, '');
  return (
    <Banner
      tone="fail"
      actions={mayOpen ? <TextLink href="/health">{t('banner.link')}</TextLink> : undefined}
    >
      <span className="block truncate">
        <b className="font-medium">{words}</b>
        {others > 0 && <span className="text-ink-2"> {t('banner.others', { others })}</span>}
      </span>
    </Banner>
  );
}
