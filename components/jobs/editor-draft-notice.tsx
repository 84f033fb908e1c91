'use client';

import { useTranslations } from 'next-intl';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import type { Draft } from './editor-draft.ts';

/** "You have an unsaved draft from 14:02", with what to do about it. */
export function DraftNotice({
  draft,
  currentRevision,
  onTake,
  onDiscard,
}: {
  draft: Draft;
  currentRevision: number | null;
  onTake: () => void;
  onDiscard: () => void;
}) {
  const t = useTranslations('editor');
  const wasOvertaken = draft.basedOn !== null && draft.basedOn.revision !== currentRevision;
  return (
    <Notice
      tone="info"
      className="mt-4"
      title={t.rich('draftFound', { when: () => <AbsoluteTime at={draft.savedAt} /> })}
      actions={
        <>
          <Button size="small" variant="primary" onClick={onTake}>
            {t('draftTake')}
          </Button>
          <Button size="small" onClick={onDiscard}>
            {t('draftDiscard')}
          </Button>
        </>
      }
    >
      {wasOvertaken && draft.basedOn
        ? t('draftOvertaken', { revision: draft.basedOn.revision })
        : t('draftHint')}
    </Notice>
  );
}
