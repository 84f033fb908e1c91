'use client';

import { useTranslations } from 'next-intl';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import type { RunDetail } from '#core/runs/read-run.ts';

/** What the run was given and what it gave back, where there is anything. */
export function RunPayload({ detail: { run, timeline } }: { detail: RunDetail }) {
  const t = useTranslations('run');
  const parameters = Object.entries(run.parameters ?? {});
  const last = timeline.findLast((part) => part.kind === 'attempt');
  const result = last?.kind === 'attempt' ? last.result : null;
  if (parameters.length === 0 && result === null) return null;
  return (
    <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-6">
      {parameters.length > 0 && (
        <section>
          <SectionHead title={t('parameters')} />
          <dl className="mt-1.5 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 font-mono text-table">
            {parameters.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-ink-3">{name}</dt>
                <dd className="break-words">{String(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {result !== null && (
        <section>
          <SectionHead title={t('result')} end={<CopyButton text={result} />} />
          <pre className="mt-1.5 max-h-60 overflow-auto rounded-box bg-sunk px-3 py-2 font-mono text-log break-words whitespace-pre-wrap">
            {pretty(result)}
          </pre>
        </section>
      )}
    </div>
  );
}

function pretty(result: string): string {
  try {
    return JSON.stringify(JSON.parse(result), null, 2);
  } catch {
    return result;
  }
}
