'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Link } from '#components/ui/link.tsx';
import { Select } from '#components/ui/select.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { MessageView } from '#core/channels/read-channels.ts';
import type { ChannelActions } from './channel-actions.ts';
import { type MessageFilter, messagesQuery } from './channel-queries.ts';

const ALL = '';

/** What was said through the channels, with what came back. */
export function MessageList({
  channels,
  sendMessageAgain,
}: {
  channels: readonly string[];
  sendMessageAgain: ChannelActions['sendMessageAgain'];
}) {
  const t = useTranslations('channels.messages');
  const [filter, setFilter] = useState<MessageFilter>({ channel: null, onlyUndelivered: false });
  // Where each further page begins.
  const [pages, setPages] = useState<(number | null)[]>([null]);
  const narrow = (part: Partial<MessageFilter>) => {
    setFilter({ ...filter, ...part });
    setPages([null]);
  };
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <Select
          small
          aria-label={t('ofChannel')}
          options={[
            { value: ALL, label: t('all') },
            ...channels.map((key) => ({ value: key, label: key })),
          ]}
          value={filter.channel ?? ALL}
          onValueChange={(value) => narrow({ channel: value === ALL ? null : value })}
          className="w-48"
        />
        <CheckboxLine
          label={t('onlyUndelivered')}
          checked={filter.onlyUndelivered}
          onCheckedChange={(onlyUndelivered) => narrow({ onlyUndelivered })}
        />
      </div>
      {pages.map((before, at) => (
        <Page
          key={before ?? 'newest'}
          filter={filter}
          before={before}
          isLast={at === pages.length - 1}
          onOlder={(from) => setPages([...pages, from])}
          sendMessageAgain={sendMessageAgain}
        />
      ))}
    </div>
  );
}

function Page({
  filter,
  before,
  isLast,
  onOlder,
  sendMessageAgain,
}: {
  filter: MessageFilter;
  before: number | null;
  isLast: boolean;
  onOlder: (before: number) => void;
  sendMessageAgain: ChannelActions['sendMessageAgain'];
}) {
  const t = useTranslations('channels.messages');
  const common = useTranslations('common');
  const { data, isError, refetch } = useQuery(messagesQuery(filter, before));
  if (!data) {
    if (!isError) return <RowsSkeleton rows={4} label={common('loading')} />;
    return (
      <p className="mt-3 flex items-center gap-2 text-table text-fail-ink">
        {t('loadProblem')}
        <Button size="small" onClick={() => void refetch()}>
          {t('reload')}
        </Button>
      </p>
    );
  }
  const { messages, hasOlder } = data;
  if (messages.length === 0 && before === null) {
    return (
      <p className="mt-3 text-table text-ink-3">
        {t(filter.onlyUndelivered ? 'noneUndelivered' : 'none')}
      </p>
    );
  }
  const oldest = messages.at(-1);
  return (
    <>
      <ul className="mt-2">
        {messages.map((message) => (
          <MessageRow key={message.id} message={message} sendMessageAgain={sendMessageAgain} />
        ))}
      </ul>
      {isLast && hasOlder && oldest && (
        <Button size="small" className="mt-2" onClick={() => onOlder(oldest.id)}>
          {t('older')}
        </Button>
      )}
    </>
  );
}

const GLYPHS = {
  waiting: 'queued',
  sending: 'running',
  sent: 'succeeded',
  failed: 'failed',
  grouped: 'succeeded',
  dropped: 'cancelled',
} as const;

function MessageRow({
  message,
  sendMessageAgain,
}: {
  message: MessageView;
  sendMessageAgain: ChannelActions['sendMessageAgain'];
}) {
  const t = useTranslations('channels.messages');
  const { duration } = useTimeWords();
  const client = useQueryClient();
  const { act, pending } = useAct<'again'>();
  const { id, channel, event, state, madeAt, madeBy, dueAt, title, jobKey, answer, attempts } =
    message;
  const tryAgain = async () => {
    const done = await act('again', () => sendMessageAgain(id));
    await client.invalidateQueries({ queryKey: ['channel'] });
    if (done) notify(t('willTry'));
  };
  const isTried = state === 'waiting' && answer !== null;
  return (
    <li className="border-b border-line py-2 text-table last:border-b-0">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <p className="flex min-w-0 items-center gap-1.5">
            <StateGlyph state={isTried ? 'failed' : GLYPHS[state]} />
            <span className="min-w-0 truncate" title={title ?? undefined}>
              {title ?? (jobKey === null ? t(`event.${event}`, { by: madeBy }) : jobKey)}
            </span>
          </p>
          <p className="text-meta text-ink-3">
            <RelativeTime at={madeAt} /> · <span className="font-mono">{channel}</span> ·{' '}
            {t(`event.${event}`, { by: madeBy })}
            {jobKey !== null && (
              <>
                {' · '}
                <Link href={`/jobs/${jobKey}`} className="font-mono hover:underline">
                  {jobKey}
                </Link>
              </>
            )}
          </p>
          <p className="text-meta text-pretty break-words text-ink-2">
            {t(`state.${state}`)}
            {answer?.status ? `, ${answer.status}` : ''}
            {answer && answer.elapsedMs > 0 ? `, ${duration(answer.elapsedMs)}` : ''}
            {attempts > 1 ? `, ${t('tries', { count: attempts })}` : ''}
            {answer && answer.cause !== '' ? `: ${answer.cause}` : ''}
            {isTried && (
              <>
                {'; '}
                {t.rich('nextTry', { at: () => <RelativeTime at={dueAt} /> })}
              </>
            )}
          </p>
          {answer && answer.body !== '' && !answer.ok && (
            <pre className="mt-1 max-h-24 overflow-auto rounded-box bg-sunk p-2 font-mono text-log break-words whitespace-pre-wrap">
              {answer.body}
            </pre>
          )}
        </div>
        {state === 'failed' && event !== 'test' && (
          <Button
            size="small"
            aria-label={t('againOf', { id: String(id) })}
            pending={pending !== null}
            onClick={() => void tryAgain()}
          >
            {t('again')}
          </Button>
        )}
      </div>
    </li>
  );
}
