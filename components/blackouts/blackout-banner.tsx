import { useTranslations } from 'next-intl';
import type { ShellState } from '#core/overview/shell.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { TextLink } from '#components/ui/text-link.tsx';

/** Says on every page that a blackout keeps the ticks of all jobs from firing. */
export function BlackoutBanner({
  blackout: { name, effect, until },
}: {
  blackout: NonNullable<ShellState['blackout']>;
}) {
  const t = useTranslations('blackouts');
  return (
    <Banner
      tone="warn"
      actions={<TextLink href="/calendars/blackouts">{t('bannerLink')}</TextLink>}
    >
      {t.rich('banner', {
        name,
        effect,
        hasEnd: String(until !== null),
        until: () => until && <AbsoluteTime at={until} />,
      })}
    </Banner>
  );
}
