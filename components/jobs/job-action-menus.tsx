'use client';

import { Copy, Trash2, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuItem } from '#components/ui/menu.tsx';

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

/** Beside pausing at once: pausing with a reason. */
export function PauseMenu({ onAsk, ...state }: LaterMenuState & { onAsk: () => void }) {
  const t = useTranslations('job');
  return (
    <AnchoredMenu {...state} label={t('morePause')}>
      <MenuItem onSelect={onAsk}>{t('pauseWith')}</MenuItem>
    </AnchoredMenu>
  );
}

/** Beside resuming: when the pause ends by itself. */
export function PausedMenu({ onEnd, ...state }: LaterMenuState & { onEnd: () => void }) {
  const t = useTranslations('pauses');
  return (
    <AnchoredMenu {...state} label={t('endMenu')}>
      <MenuItem onSelect={onEnd}>{t('endChange')}</MenuItem>
    </AnchoredMenu>
  );
}

/** What one seldom does with a job. */
export function MoreMenu({
  jobKey,
  mayWrite,
  onDuplicate,
  onDelete,
  ...state
}: LaterMenuState & {
  jobKey: string;
  mayWrite: boolean;
  onDuplicate: () => void;
  onDelete: () => void;
}) {
  const t = useTranslations('job');
  const router = useRouter();
  const onlyAdmins = mayWrite ? undefined : t('onlyAdmins');
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
        hint={onlyAdmins ?? t('duplicateHint')}
        disabled={!mayWrite}
        onSelect={onDuplicate}
      >
        {t('duplicate')}
      </MenuItem>
      <MenuItem
        icon={<Trash2 aria-hidden />}
        hint={onlyAdmins}
        danger
        disabled={!mayWrite}
        onSelect={onDelete}
      >
        {t('delete')}
      </MenuItem>
    </AnchoredMenu>
  );
}
