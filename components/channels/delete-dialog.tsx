'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { ChannelView } from '#core/channels/read-channels.ts';
import type { ChannelActions } from './channel-actions.ts';
import { channelsQuery, channelUsesQuery } from './channel-queries.ts';

/** Asks once more, and says who is told otherwise from then on. */
export function DeleteDialog({
  channel: { key, isDefault },
  deleteChannel,
  onClose,
}: {
  channel: ChannelView;
  deleteChannel: ChannelActions['deleteChannel'];
  onClose: () => void;
}) {
  const t = useTranslations('channels.deletion');
  const client = useQueryClient();
  const { act, pending } = useAct<'delete'>();
  const { data: uses } = useQuery(channelUsesQuery(key));
  const [problem, setProblem] = useState<string>();
  const submit = async () => {
    const gone = await act(
      'delete',
      () => deleteChannel({ key }),
      ({ message }) => setProblem(message),
    );
    if (!gone) return;
    await client.invalidateQueries({ queryKey: channelsQuery.queryKey });
    notify(t('deleted', { key }));
    onClose();
  };
  const alone = uses?.jobs.filter(({ others }) => others === 0) ?? [];
  const others = uses?.jobs.filter((job) => job.others > 0) ?? [];
  return (
    <FormDialog
      title={t('title', { name: key })}
      sentence={t('sentence')}
      problem={problem}
      submit={t('delete')}
      isDanger
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid gap-2 text-table" aria-live="polite">
        {!uses && <p className="text-ink-3">{t('looking')}</p>}
        {isDefault && <p>{t('default')}</p>}
        {uses && uses.jobs.length === 0 && <p className="text-ink-2">{t('nobody')}</p>}
        <Jobs words={t('alone', { count: alone.length })} jobs={alone} />
        <Jobs words={t('others', { count: others.length })} jobs={others} />
        {uses?.isMore && <p className="text-ink-2">{t('more')}</p>}
      </div>
    </FormDialog>
  );
}

function Jobs({ words, jobs }: { words: string; jobs: readonly { key: string }[] }) {
  if (jobs.length === 0) return null;
  return (
    <div>
      <p>{words}</p>
      <p className="font-mono text-meta break-words text-ink-2">
        {jobs.map(({ key }) => key).join(', ')}
      </p>
    </div>
  );
}
