'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { SettingsSection } from '#components/settings/settings-section.tsx';
import { usePageActions } from '#components/shell/commands.ts';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { ChannelView } from '#core/channels/read-channels.ts';
import type { ChannelActions } from './channel-actions.ts';
import { channelsQuery } from './channel-queries.ts';
import { ChannelTable } from './channel-table.tsx';
import { RuleForm } from './rule-form.tsx';

// Asked for when somebody acts, not with the page.
const ChannelDialog = dynamic(
  () => import('./channel-dialog.tsx').then((file) => file.ChannelDialog),
  { ssr: false },
);
const DeleteDialog = dynamic(
  () => import('./delete-dialog.tsx').then((file) => file.DeleteDialog),
  {
    ssr: false,
  },
);
const TestDialog = dynamic(() => import('./test-dialog.tsx').then((file) => file.TestDialog), {
  ssr: false,
});
const MessageList = dynamic(() => import('./message-list.tsx').then((file) => file.MessageList), {
  ssr: false,
});

type Asked =
  | { what: 'new' }
  | { what: 'edit' | 'delete'; channel: ChannelView }
  | { what: 'test'; key: string };

/** Where messages go, whom the installation tells, and what became of what was said. */
export function ChannelsScreen({
  mayWrite,
  actions,
}: {
  mayWrite: boolean;
  actions: ChannelActions;
}) {
  const t = useTranslations('channels');
  const who = useTranslations('whoMay');
  const { data } = useSuspenseQuery(channelsQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isListShown, setIsListShown] = useState(false);
  const hint = mayWrite ? undefined : who('channel:write');
  const close = () => setAsked(null);
  const add = () => setAsked({ what: 'new' });
  usePageActions([{ id: 'new-channel', label: t('new'), isDisabled: !mayWrite, hint, run: add }]);
  const { channels } = data;
  const newButton = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden />}
      disabled={!mayWrite}
      title={hint}
      onClick={add}
      className="phone:w-full"
    >
      {t('new')}
    </Button>
  );
  return (
    <>
      {channels.length === 0 ? (
        <EmptyState title={t('empty')} actions={newButton}>
          {t('emptyMeaning')}
        </EmptyState>
      ) : (
        <div className="mt-5 flex items-start justify-between gap-6 phone:block">
          <p className="max-w-[40rem] text-body text-pretty text-ink-2">{t('sentence')}</p>
          <div className="phone:mt-3">{newButton}</div>
        </div>
      )}
      {mayWrite && !data.hasKey && <Notice className="mt-4" title={t('noKey')} />}
      {!data.hasMailServer && channels.some(({ kind }) => kind === 'email') && (
        <Notice className="mt-4" title={t('noMail')} />
      )}
      {channels.length > 0 && (
        <ChannelTable
          channels={channels}
          mayWrite={mayWrite}
          onTest={({ key }) => setAsked({ what: 'test', key })}
          onEdit={(channel) => setAsked({ what: 'edit', channel })}
          onDelete={(channel) => setAsked({ what: 'delete', channel })}
        />
      )}
      <SettingsSection title={t('rule.title')} sentence={t('rule.sentence')}>
        <RuleForm
          rule={data.rule}
          channels={channels.map(({ key }) => key)}
          mayWrite={mayWrite}
          changeMessageRule={actions.changeMessageRule}
        />
      </SettingsSection>
      {mayWrite && (
        <SettingsSection title={t('messages.title')} sentence={t('messages.sentence')}>
          {isListShown ? (
            <MessageList
              channels={channels.map(({ key }) => key)}
              sendMessageAgain={actions.sendMessageAgain}
            />
          ) : (
            <Button onClick={() => setIsListShown(true)}>{t('messages.show')}</Button>
          )}
        </SettingsSection>
      )}
      {(asked?.what === 'new' || asked?.what === 'edit') && (
        <ChannelDialog
          channel={asked.what === 'edit' ? asked.channel : null}
          actions={actions}
          onClose={close}
        />
      )}
      {asked?.what === 'delete' && (
        <DeleteDialog
          channel={asked.channel}
          deleteChannel={actions.deleteChannel}
          onClose={close}
        />
      )}
      {asked?.what === 'test' && (
        <TestDialog channel={asked.key} testChannel={actions.testChannel} onClose={close} />
      )}
    </>
  );
}
