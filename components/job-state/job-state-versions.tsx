'use client';

import { useTranslations } from 'next-intl';
import type { StateVersion } from '#core/job-state/read-job-state.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { cn } from '#components/ui/cn.ts';

/** Who or which run wrote each version, newest first. */
export function JobStateVersions({
  versions,
  shown,
  onShow,
}: {
  versions: readonly StateVersion[];
  shown: number;
  onShow: (version: number) => void;
}) {
  const t = useTranslations('jobState');
  return (
    <section aria-label={t('versions')}>
      <p className="mb-2 text-table text-ink-2">{t('versionsSentence')}</p>
      <ol>
        {versions.map((version) => (
          <li key={version.version} className="border-b border-line">
            <button
              type="button"
              aria-current={version.version === shown || undefined}
              onClick={() => onShow(version.version)}
              className={cn(
                '-mx-2 block w-[calc(100%+1rem)] px-2 py-2 text-left text-table hover:bg-hover focus-visible:-outline-offset-2 phone:min-h-13',
                version.version === shown && 'bg-accent-tint hover:bg-accent-tint',
              )}
            >
              <span className="flex items-baseline gap-2">
                <span className="font-medium">{t('version', { version: version.version })}</span>
                <span className="ml-auto text-meta text-ink-3">
                  <RelativeTime at={version.writtenAt} />
                </span>
              </span>
              <span className="block text-pretty text-ink-2">
                <Writer version={version} />
                {', '}
                {t('bytes', { count: version.bytes })}
              </span>
              {version.reason && (
                <span className="block text-pretty break-words text-ink-2">“{version.reason}”</span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Writer({ version: { runId, tick, writtenBy, restoredFrom } }: { version: StateVersion }) {
  const t = useTranslations('jobState');
  if (runId !== null && tick !== null) {
    return t.rich('byRun', {
      id: runId,
      at: () => <AbsoluteTime at={tick} form="seconds" />,
    });
  }
  const by = writtenBy ?? '';
  return restoredFrom === null
    ? t('byPerson', { by })
    : t('byPersonFrom', { by, version: restoredFrom });
}
