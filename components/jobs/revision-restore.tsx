'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { JobName } from './job-queries.ts';
import type { JobActions } from './job-view.ts';

export type Restore = {
  restoreRevision: JobActions['restoreRevision'];
  currentRevision: number;
  isAllowed: boolean;
};

/** Makes an earlier revision the newest; the way back restores the one that was. */
export function RestoreButton({
  name,
  revision,
  restore,
}: {
  name: JobName;
  revision: number;
  restore: Restore;
}) {
  const t = useTranslations('job');
  const who = useTranslations('whoMay');
  const router = useRouter();
  const client = useQueryClient();
  const { act, pending } = useAct<'restore'>();

  const bringBack = async (number: number, basedOnRevision: number, canUndo: boolean) => {
    const done = await act('restore', () =>
      restore.restoreRevision({ jobId: name.id, basedOnRevision, revision: number }),
    );
    if (!done) return;
    await client.invalidateQueries({ queryKey: ['job', name.id] });
    if (done.proposal !== null) {
      router.push(`/jobs/${done.key}/proposal`);
      return;
    }
    router.push(`/jobs/${done.key}/revisions`);
    if (!done.isChanged) {
      notify(t('restoredSame', { number }));
      return;
    }
    notify(
      t('restored', { number, revision: done.revision }),
      canUndo
        ? {
            undo: {
              label: t('undo'),
              run: () => void bringBack(basedOnRevision, done.revision, false),
            },
          }
        : {},
    );
  };

  return (
    <Button
      size="small"
      icon={<Undo2 aria-hidden />}
      pending={pending !== null}
      disabled={!restore.isAllowed}
      title={restore.isAllowed ? undefined : who('job:write')}
      onClick={() => void bringBack(revision, restore.currentRevision, true)}
    >
      {t('restore', { number: revision })}
    </Button>
  );
}
