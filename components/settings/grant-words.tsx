import { useTranslations } from 'next-intl';
import { type Grant, usualGrant } from '#core/auth/grants.ts';

/** What somebody may do, a line a grant: "Operator for team=billing", and what of it isn't as usual. */
export function GrantWords({ grants }: { grants: readonly Grant[] }) {
  const t = useTranslations('settings.grants');
  const roles = useTranslations('settings.role');
  if (grants.length === 0) return <span className="text-ink-3">{t('none')}</span>;
  return grants.map((grant) => {
    const { role, label, extra } = grant;
    const where = label && `${label.name}=${label.value}`;
    const usual = usualGrant(role).extra;
    const unusual = [
      ...extra.filter((name) => !usual.includes(name)).map((name) => t(`short.with.${name}`)),
      ...usual
        .filter((name) => !extra.includes(name))
        .map((name) => t(`short.without.${name}` as WithoutKey)),
    ];
    return (
      <span key={where ?? ''} className="block min-w-0" title={where ?? undefined}>
        <span className="block truncate">
          {where ? t('roleFor', { role: roles(role), label: where }) : roles(role)}
        </span>
        {unusual.length > 0 && (
          <span className="block text-meta text-pretty text-ink-3">{unusual.join(', ')}</span>
        )}
      </span>
    );
  });
}

type WithoutKey = `short.without.${'log:read' | 'job:read_parameters' | 'job:write_when'}`;
