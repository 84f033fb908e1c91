'use client';

import { Copy, Trash2, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuItem } from '#components/ui/menu.tsx';
import type { JobRights } from './job-view.ts';

/** The other ways to start a run: as it stands, or with what one types. */
export function TriggerMenu({
  hasParameters,
  onTrigger,
  onAsk,
  onTest,
  ...state
}: LaterMenuState & {
  hasParameters: boolean;
  onTrigger: () => void;
  onAsk: () => void;
  onTest: () => void;
}) {
  const t = useTranslations('job');
  return (
    <AnchoredMenu {...state} label={t('moreTrigger')}>
      {hasParameters && (
        <MenuItem hint={t('triggerDefaultsHint')} onSelect={onTrigger}>
          {t('triggerDefaults')}
        </MenuItem>
      )}
      <MenuItem onSelect={onAsk}>{t(hasParameters ? 'triggerWith' : 'triggerWithNote')}</MenuItem>
      <MenuItem onSelect={onTest}>{t('triggerTest')}</MenuItem>
    </AnchoredMenu>
  );
}

/** Beside pausing at once: with a reason. Beside resuming: when the pause ends by itself. */
export function PauseMenu({
  isPaused,
  onAsk,
  ...state
}: LaterMenuState & { isPaused: boolean; onAsk: () => void }) {
  const t = useTranslations('job');
  const pauses = useTranslations('pauses');
  return (
    <AnchoredMenu {...state} label={isPaused ? pauses('endMenu') : t('morePause')}>
      <MenuItem onSelect={onAsk}>{isPaused ? pauses('endChange') : t('pauseWith')}</MenuItem>
    </AnchoredMenu>
  );
}

/** What one seldom does with a job. */
export function MoreMenu({
  jobKey,
  rights,
  onDuplicate,
  onDelete,
  ...state
}: LaterMenuState & {
  jobKey: string;
  rights: JobRights;
  onDuplicate: () => void;
  onDelete: () => void;
}) {
  const t = useTranslations('job');
  const who = useTranslations('whoMay');
  const router = useRouter();
  return (
    <AnchoredMenu {...state} label={t('more')}>
      <MenuItem
        icon={<Undo2 aria-hidden />}
        hint={t('backfillHint')}
        onSelect={() => router.push(`/jobs/${jobKey}/backfill`)}
      >
        {t('backfill')}
      </MenuItem>
      <MenuItem
        icon={<Copy aria-hidden />}
        hint={
          rights.duplicate ? t('duplicateHint') : who(rights.write ? 'job:write_host' : 'job:write')
        }
        disabled={!rights.duplicate}
        onSelect={onDuplicate}
      >
        {t('duplicate')}
      </MenuItem>
      <MenuItem
        icon={<Trash2 aria-hidden />}
        hint={rights.write ? undefined : who('job:write')}
        danger
        disabled={!rights.write}
        onSelect={onDelete}
      >
        {t('delete')}
      </MenuItem>
    </AnchoredMenu>
  );
}
