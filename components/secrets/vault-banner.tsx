import { useTranslations } from 'next-intl';
import { Banner } from '#components/ui/banner.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { ClosedVault } from '#core/secrets/vault.ts';

/** Says on every page that the key doesn't fit the secrets. */
export function VaultBanner({ vault }: { vault: ClosedVault }) {
  const t = useTranslations('secrets.banner');
  const b = (words: React.ReactNode) => <b className="font-medium">{words}</b>;
  return (
    <Banner tone="fail" actions={<TextLink href="/settings/secrets">{t('link')}</TextLink>}>
      {vault.state === 'no_key'
        ? t.rich('noKey', { b })
        : t.rich('otherKey', { b, count: vault.unreadable })}
    </Banner>
  );
}
