'use client';

import { FileClock, FlaskConical, Link2, ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { putOnClipboard } from '#components/ui/copy-button.tsx';
import type { LaterMenuState } from '#components/ui/later-menu.tsx';
import { AnchoredMenu, MenuItem } from '#components/ui/menu.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { RunDetail } from '#core/runs/read-run.ts';

/** What one seldom does with a run, and where one can go from it. */
export function RunMoreMenu({
  run,
  mayTest,
  onTest,
  ...state
}: LaterMenuState & { run: RunDetail['run']; mayTest: boolean; onTest: () => void }) {
  const t = useTranslations('run.actions');
  const who = useTranslations('whoMay');
  const router = useRouter();
  const copyLink = async () => {
    if (await putOnClipboard(window.location.href)) notify(t('linkCopied'));
  };
  return (
    <AnchoredMenu label={t('more')} {...state}>
      {!run.isJobDeleted && (
        <>
          <MenuItem
            icon={<FlaskConical aria-hidden />}
            hint={mayTest ? t('asTestHint') : who('job:trigger')}
            disabled={!mayTest}
            onSelect={onTest}
          >
            {t('asTest')}
          </MenuItem>
          <MenuItem
            icon={<ListChecks aria-hidden />}
            onSelect={() => router.push(`/jobs/${run.jobKey}`)}
          >
            {t('openJob')}
          </MenuItem>
          <MenuItem
            icon={<FileClock aria-hidden />}
            onSelect={() => router.push(`/jobs/${run.jobKey}/revisions?revision=${run.revision}`)}
          >
            {t('openRevision')}
          </MenuItem>
        </>
      )}
      <MenuItem icon={<Link2 aria-hidden />} onSelect={() => void copyLink()}>
        {t('copyLink')}
      </MenuItem>
    </AnchoredMenu>
  );
}
