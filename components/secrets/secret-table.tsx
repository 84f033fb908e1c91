'use client';

import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { IconButton } from '#components/ui/button.tsx';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { SecretView } from '#core/secrets/read-secrets.ts';
import type { SecretActions } from './secret-actions.ts';
import type { SecretAct } from './secret-menu.tsx';

const SecretMenu = dynamic(() => import('./secret-menu.tsx').then((file) => file.SecretMenu), {
  ssr: false,
});
const ReplaceSecretDialog = dynamic(
  () => import('./replace-secret-dialog.tsx').then((file) => file.ReplaceSecretDialog),
  { ssr: false },
);
const LimitSecretDialog = dynamic(
  () => import('./limit-secret-dialog.tsx').then((file) => file.LimitSecretDialog),
  { ssr: false },
);
const RemoveSecretDialog = dynamic(
  () => import('./remove-secret-dialog.tsx').then((file) => file.RemoveSecretDialog),
  { ssr: false },
);

type Props = {
  secrets: readonly SecretView[];
  /** The key opens them all, and one may. */
  mayChange: boolean;
  mayWrite: boolean;
  actions: SecretActions;
};

export function SecretTable({ secrets, ...rest }: Props) {
  const t = useTranslations('secrets');
  return (
    <Table className="mt-3">
      <colgroup className="phone:hidden">
        <col />
        <col />
        <col className="w-52" />
        <col className="w-44" />
        <col className="w-12" />
      </colgroup>
      <TableHead>
        <Th>{t('name')}</Th>
        <Th>{t('usedBy')}</Th>
        <Th>{t('limitedTo')}</Th>
        <Th>{t('changed')}</Th>
        <Th>
          <span className="sr-only">{t('acts', { name: '' })}</span>
        </Th>
      </TableHead>
      <TableBody>
        {secrets.map((secret) => (
          <SecretRow key={secret.name} secret={secret} {...rest} />
        ))}
      </TableBody>
    </Table>
  );
}

function SecretRow({
  secret,
  mayChange,
  mayWrite,
  actions,
}: Omit<Props, 'secrets'> & { secret: SecretView }) {
  const t = useTranslations('secrets');
  const who = useTranslations('whoMay');
  const [act, setAct] = useState<SecretAct | null>(null);
  const { name, isReadable } = secret;
  const close = () => setAct(null);
  return (
    <Tr className="h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1">
        <span className="font-mono break-all">{name}</span>
        {!isReadable && (
          <span title={t('unreadableHint')}>
            <LabelChip tone="fail" className="ml-2">
              {t('unreadable')}
            </LabelChip>
          </span>
        )}
      </Td>
      <Td phone="second" className="whitespace-normal phone:col-start-1">
        <UsedBy jobs={secret.usedBy} />
        <span className="hidden text-meta text-ink-3 phone:block">
          <LimitWords limits={secret.limits} />
        </span>
      </Td>
      <Td className="text-ink-2">
        <LimitWords limits={secret.limits} />
      </Td>
      <Td className="text-ink-2">
        <RelativeTime at={secret.changedAt} />
        <span className="block truncate text-meta text-ink-3">
          {t('by', { name: secret.changedBy })}
        </span>
      </Td>
      <Td phone="first-end" className="py-0 text-right phone:col-start-2 phone:row-span-2">
        <span title={mayWrite ? undefined : who('secret:write')}>
          <LaterMenu
            button={
              <IconButton size="small" label={t('acts', { name })} disabled={!mayChange}>
                <Ellipsis aria-hidden />
              </IconButton>
            }
          >
            {(state) => <SecretMenu {...state} label={t('acts', { name })} onAct={setAct} />}
          </LaterMenu>
        </span>
        {act === 'replace' && (
          <ReplaceSecretDialog name={name} replace={actions.replace} onClose={close} />
        )}
        {act === 'limit' && (
          <LimitSecretDialog secret={secret} limit={actions.limit} onClose={close} />
        )}
        {act === 'remove' && (
          <RemoveSecretDialog secret={secret} remove={actions.remove} onClose={close} />
        )}
      </Td>
    </Tr>
  );
}

const MOST_SHOWN = 3;

function UsedBy({ jobs }: { jobs: readonly string[] }) {
  const t = useTranslations('secrets');
  if (jobs.length === 0) return <span className="text-ink-3">{t('unused')}</span>;
  const shown = jobs.slice(0, MOST_SHOWN);
  return (
    <span className="flex flex-wrap gap-x-2">
      {shown.map((key) => (
        <TextLink key={key} href={`/jobs/${key}`} className="font-mono break-all">
          {key}
        </TextLink>
      ))}
      {jobs.length > shown.length && (
        <span className="text-ink-3" title={jobs.slice(MOST_SHOWN).join(', ')}>
          {t('more', { count: jobs.length - shown.length })}
        </span>
      )}
    </span>
  );
}

function LimitWords({ limits: { jobs, labels } }: { limits: SecretView['limits'] }) {
  const t = useTranslations('secrets');
  const names = [...labels.map((label) => `${label.name}=${label.value}`), ...jobs];
  if (names.length === 0) return t('everyJob');
  return (
    <span
      title={names.join(', ')}
      className="line-clamp-2 font-mono text-meta break-all whitespace-normal"
    >
      {names.join(', ')}
    </span>
  );
}
