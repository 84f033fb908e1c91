'use client';

import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button, IconButton } from '#components/ui/button.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import type { ChannelView } from '#core/channels/read-channels.ts';

const ChannelMenu = dynamic(() => import('./channel-menu.tsx').then((file) => file.ChannelMenu), {
  ssr: false,
});

type Acts = {
  mayWrite: boolean;
  onTest: (channel: ChannelView) => void;
  onEdit: (channel: ChannelView) => void;
  onDelete: (channel: ChannelView) => void;
};

/** One row a channel: what it is, who is told through it, and whether messages arrive. */
export function ChannelTable({ channels, ...acts }: Acts & { channels: readonly ChannelView[] }) {
  const t = useTranslations('channels');
  return (
    <Table className="mt-4">
      <colgroup className="phone:hidden">
        <col />
        <col className="w-48 max-[80rem]:w-34" />
        <col className="w-48 max-[80rem]:w-32" />
        <col className="w-56 max-[80rem]:w-38" />
        <col className="w-38" />
      </colgroup>
      <TableHead>
        <Th>{t('name')}</Th>
        <Th>{t('to')}</Th>
        <Th>{t('told')}</Th>
        <Th>{t('last')}</Th>
        <Th>
          <span className="sr-only">{t('acts', { name: '' })}</span>
        </Th>
      </TableHead>
      <TableBody>
        {channels.map((channel) => (
          <ChannelRow key={channel.key} channel={channel} {...acts} />
        ))}
      </TableBody>
    </Table>
  );
}

function ChannelRow({
  channel,
  mayWrite,
  onTest,
  onEdit,
  onDelete,
}: Acts & { channel: ChannelView }) {
  const t = useTranslations('channels');
  const who = useTranslations('whoMay');
  const { key, kind, description, host, recipients, jobs, isDefault } = channel;
  const hint = mayWrite ? undefined : who('channel:write');
  const told = [
    ...(isDefault ? [t('byDefault')] : []),
    ...(jobs > 0 ? [t('namedBy', { count: jobs })] : []),
  ];
  return (
    <Tr className="h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1">
        <span className="block font-mono break-words whitespace-normal">{key}</span>
        <span className="block truncate text-meta text-ink-3" title={description}>
          {description}
        </span>
      </Td>
      <Td phone="second" className="phone:col-start-1 phone:row-start-2 phone:pt-1">
        {t(`kind.${kind}`)}
        <span className="block truncate text-meta text-ink-3 phone:ml-2 phone:inline" title={host}>
          {kind === 'email' ? t('recipients', { count: recipients }) : host}
        </span>
      </Td>
      <Td
        phone="second"
        className="whitespace-normal text-ink-2 phone:col-start-1 phone:row-start-3"
      >
        {told.length > 0 ? told.join(', ') : <span className="text-ink-3">{t('nobodyUses')}</span>}
      </Td>
      <Td phone="second" className="whitespace-normal phone:col-start-1 phone:row-start-4">
        <LastMessage channel={channel} />
      </Td>
      <Td
        phone="first-end"
        className="py-0 text-right whitespace-nowrap phone:col-start-2 phone:row-span-4"
      >
        <span className="inline-flex items-center gap-1">
          <Button size="small" disabled={!mayWrite} title={hint} onClick={() => onTest(channel)}>
            {t('test')}
          </Button>
          <LaterMenu
            button={
              <IconButton
                size="small"
                label={t('acts', { name: key })}
                title={hint}
                disabled={!mayWrite}
              >
                <Ellipsis aria-hidden />
              </IconButton>
            }
          >
            {(state) => (
              <ChannelMenu
                {...state}
                label={t('acts', { name: key })}
                onEdit={() => onEdit(channel)}
                onDelete={() => onDelete(channel)}
              />
            )}
          </LaterMenu>
        </span>
      </Td>
    </Tr>
  );
}

function LastMessage({ channel: { last, undelivered } }: { channel: ChannelView }) {
  const t = useTranslations('channels');
  const words = last?.isSent ? t(last.isTest ? 'testSentAt' : 'sentAt') : t('failedAt');
  return (
    <>
      {last ? (
        <span className="flex min-w-0 items-center gap-1.5">
          <StateGlyph state={last.isSent ? 'succeeded' : 'failed'} />
          <span className="min-w-0 text-pretty" title={last.cause}>
            {words} <RelativeTime at={last.at} />
          </span>
        </span>
      ) : (
        <span className="text-ink-3">{t('never')}</span>
      )}
      {undelivered > 0 && (
        <span className="block text-meta text-pretty text-fail-ink">
          {t('undelivered', { count: undelivered })}
        </span>
      )}
    </>
  );
}
