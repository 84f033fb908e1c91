import { useTranslations } from 'next-intl';
import type { Grant } from '#core/auth/grants.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';

/**
 * What somebody may do, a line a grant: "Operator for team=billing", and what of it isn't as usual.
 * @param most lines at most; the last then says how many more there are
 */
export function GrantWords({
  grants,
  most = Infinity,
}: {
  grants: readonly Grant[];
  most?: number;
}) {
  const t = useTranslations('settings.grants');
  if (grants.length === 0) return <span className="text-ink-3">{t('none')}</span>;
  const shown = grants.length > most ? grants.slice(0, most - 1) : grants;
  return (
    <span className="grid min-w-0">
      {shown.map((grant) => (
        <OneGrant key={JSON.stringify(grant.label)} grant={grant} />
      ))}
      {shown.length < grants.length && (
        <span>{t('more', { more: grants.length - shown.length })}</span>
      )}
    </span>
  );
}

function OneGrant({ grant: { role, label, extra } }: { grant: Grant }) {
  const t = useTranslations('settings.grants');
  const roles = useTranslations('settings.role');
  const where = label && `${label.name}=${label.value}`;
  const usual = usualGrant(role).extra;
  const unusual = [
    ...extra.filter((name) => !usual.includes(name)).map((name) => t(`short.with.${name}`)),
    ...usual
      .filter((name) => !extra.includes(name))
      .map((name) => t(`short.without.${name}` as WithoutKey)),
  ];
  return (
    <span className="block min-w-0" title={where ?? undefined}>
      <span className="block truncate">
        {where ? t('roleFor', { role: roles(role), label: where }) : roles(role)}
      </span>
      {unusual.length > 0 && (
        <span className="block text-meta font-normal text-pretty text-ink-3">
          {unusual.join(', ')}
        </span>
      )}
    </span>
  );
}

type WithoutKey = `short.without.${'log:read' | 'job:read_parameters' | 'job:write_when'}`;
