'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { usePageActions } from '#components/shell/commands.ts';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { VaultState } from '#core/secrets/vault.ts';
import type { SecretActions } from './secret-actions.ts';
import { secretList } from './secret-queries.ts';
import { SecretTable } from './secret-table.tsx';

// Asked for when somebody acts, not with the page.
const AddSecretDialog = dynamic(
  () => import('./add-secret-dialog.tsx').then((file) => file.AddSecretDialog),
  { ssr: false },
);

/** All secrets: their names, who uses them, and what can be done with them. */
export function SecretsScreen({
  mayWrite,
  actions,
}: {
  mayWrite: boolean;
  actions: SecretActions;
}) {
  const t = useTranslations('secrets');
  const who = useTranslations('whoMay');
  const {
    data: { secrets, vault },
  } = useSuspenseQuery(secretList);
  const [isAdding, setIsAdding] = useState(false);
  const isClosed = vault.state !== 'open' || !mayWrite;
  const add = () => setIsAdding(true);
  usePageActions([
    {
      id: 'add-secret',
      label: t('add'),
      isDisabled: isClosed,
      hint: mayWrite ? undefined : who('secret:write'),
      run: add,
    },
  ]);
  const button = (
    <span title={mayWrite ? undefined : who('secret:write')}>
      <Button
        variant="primary"
        icon={<Plus aria-hidden />}
        disabled={isClosed}
        onClick={add}
        className="phone:w-full"
      >
        {t('add')}
      </Button>
    </span>
  );
  return (
    <>
      <VaultNotice vault={vault} />
      {secrets.length === 0 ? (
        <EmptyState title={t('emptyTitle')} actions={button}>
          {t('empty')}
        </EmptyState>
      ) : (
        <>
          <div className="mt-5 flex items-start justify-between gap-4 phone:block">
            <p className="max-w-[40rem] text-body text-pretty text-ink-2">
              {t('sentence', { placeholder: '{{secret.NAME}}' })}
            </p>
            <div className="shrink-0 phone:mt-3">{button}</div>
          </div>
          <SecretTable
            secrets={secrets}
            mayChange={!isClosed}
            mayWrite={mayWrite}
            actions={actions}
          />
        </>
      )}
      {isAdding && <AddSecretDialog add={actions.add} onClose={() => setIsAdding(false)} />}
    </>
  );
}

function VaultNotice({ vault }: { vault: VaultState }) {
  const t = useTranslations('secrets.vault');
  switch (vault.state) {
    case 'open':
      return null;
    case 'no_key':
      return (
        <Notice tone="fail" title={t('noKeyTitle')} className="mt-5">
          {t('noKey')}
        </Notice>
      );
    case 'other_key':
      return (
        <Notice
          tone="fail"
          title={t('otherKeyTitle', { count: vault.unreadable })}
          className="mt-5"
        >
          {t('otherKey')}
        </Notice>
      );
  }
}
