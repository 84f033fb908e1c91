'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { MessageView } from '#core/channels/read-channels.ts';
import type { ChannelActions } from './channel-actions.ts';
import { messageQuery } from './channel-queries.ts';

/** Sends a test as it opens, and shows what really came back. */
export function TestDialog({
  channel,
  testChannel,
  onClose,
}: {
  channel: string;
  testChannel: ChannelActions['testChannel'];
  onClose: () => void;
}) {
  const t = useTranslations('channels.trial');
  const { act, pending } = useAct<'send'>();
  const [messageId, setMessageId] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async () => {
    setProblem(null);
    const made = await act(
      'send',
      () => testChannel({ key: channel }),
      ({ message }) => setProblem(message),
    );
    setMessageId(made?.messageId ?? null);
  };
  const wasSent = useRef(false);
  useEffect(() => {
    // Effects run twice while developing; one opening sends one test.
    if (wasSent.current) return;
    wasSent.current = true;
    void send();
  });
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent width={520} title={t('title', { name: channel })} sentence={t('sentence')}>
        <DialogBody>
          <div aria-live="polite" className="min-h-24 text-table">
            {problem !== null && <p className="text-fail-ink">{problem}</p>}
            {messageId !== null && <Answer key={messageId} messageId={messageId} />}
          </div>
        </DialogBody>
        <DialogFoot>
          <Button pending={pending !== null} onClick={() => void send()}>
            {t('again')}
          </Button>
          <Button variant="primary" onClick={onClose}>
            {t('close')}
          </Button>
        </DialogFoot>
      </DialogContent>
    </Dialog>
  );
}

const PATIENCE_MS = 8_000;

function Answer({ messageId }: { messageId: number }) {
  const t = useTranslations('channels.trial');
  const { data: message } = useQuery(messageQuery(messageId));
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (message && message.endedAt !== null && message.answer) {
    return <CameBack answer={message.answer} />;
  }
  const isSending = message?.state === 'sending';
  return (
    <>
      <p className="flex items-center gap-1.5 text-ink-2">
        <StateGlyph state={isSending ? 'running' : 'queued'} />
        {t(isSending ? 'sending' : 'waiting')}
      </p>
      {isLong && !isSending && (
        <p className="mt-2 text-time-ink">
          {t('nobodyTakes')} <TextLink href="/workers">{t('workers')}</TextLink>
        </p>
      )}
    </>
  );
}

function CameBack({ answer }: { answer: NonNullable<MessageView['answer']> }) {
  const t = useTranslations('channels.trial');
  const { duration } = useTimeWords();
  const { ok, status, cause, body, elapsedMs } = answer;
  return (
    <>
      <p className="flex items-center gap-1.5 font-medium">
        <StateGlyph state={ok ? 'succeeded' : 'failed'} />
        {t(ok ? 'arrived' : 'refused')}
      </p>
      {cause !== '' && <p className="mt-1 break-words text-ink-2">{cause}</p>}
      <dl className="mt-3 grid grid-cols-[7rem_minmax(0,1fr)] gap-y-1">
        <dt className="text-ink-3">{t('took')}</dt>
        <dd>
          {status === null ? t('noStatus') : t('status', { status: String(status) })}{' '}
          {t('after', { took: duration(elapsedMs) })}
        </dd>
        <dt className="text-ink-3">{t('said')}</dt>
        <dd>
          {body === '' ? (
            <span className="text-ink-3">{t('empty')}</span>
          ) : (
            <pre className="max-h-40 overflow-auto rounded-box bg-sunk p-2 font-mono text-log break-words whitespace-pre-wrap">
              {body}
            </pre>
          )}
        </dd>
      </dl>
    </>
  );
}
