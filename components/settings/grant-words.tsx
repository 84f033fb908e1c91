import { useTranslations } from 'next-intl';
import type { Grant } from '#core/auth/grants.ts';

/** What somebody may do, a line a grant: "Operator for team=billing". */
export function GrantWords({ grants }: { grants: readonly Grant[] }) {
  const t = useTranslations('settings.grants');
  const roles = useTranslations('settings.role');
  if (grants.length === 0) return <span className="text-ink-3">{t('none')}</span>;
  return grants.map(({ role, label }) => {
    const where = label && `${label.name}=${label.value}`;
    return (
      <span key={where ?? ''} className="block truncate" title={where ?? undefined}>
        {where ? t('for', { role: roles(role), label: where }) : roles(role)}
      </span>
    );
  });
}
