'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { FactList, SectionHead } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { RunDetail } from '#core/runs/read-run.ts';

type Facts = { name: ReactNode; value: ReactNode }[];

/** What differs from the last run that went well, and the facts of this one. */
export function RunAside({ detail }: { detail: RunDetail }) {
  const t = useTranslations('run.aside');
  const { run, lastGood } = detail;
  const hasGone = run.state === 'failed' || run.state === 'timed_out' || run.state === 'lost';
  const since = useSinceGood(detail);
  const about = useAbout(detail);
  return (
    <aside className="grid content-start gap-5 border-l border-line pl-6 max-[64rem]:border-l-0 max-[64rem]:pl-0">
      {hasGone && lastGood && (
        <section>
          <SectionHead
            title={t('sinceGood')}
            note={
              <TextLink href={`/runs/${lastGood.id}`}>
                <AbsoluteTime at={lastGood.scheduledFor} />
              </TextLink>
            }
          />
          <FactList className="mt-1.5" facts={since} />
        </section>
      )}
      <section>
        <SectionHead title={t('about')} />
        <FactList className="mt-1.5" facts={about} />
      </section>
    </aside>
  );
}

function useSinceGood({ run, lastGood }: RunDetail): Facts {
  const t = useTranslations('run.aside');
  const words = useTimeWords();
  if (!lastGood) return [];
  const compared = (before: ReactNode, now: ReactNode, isSame: boolean) =>
    isSame
      ? t.rich('same', { value: () => now })
      : t.rich('was', { before: () => before, now: () => <b className="font-medium">{now}</b> });
  const took = (ms: number | null) => (ms === null ? '–' : words.duration(ms));
  return [
    {
      name: t('revision'),
      value: compared(lastGood.revision, run.revision, lastGood.revision === run.revision),
    },
    {
      name: t('worker'),
      value: compared(
        lastGood.worker?.name ?? '–',
        run.worker?.name ?? '–',
        lastGood.worker?.name === run.worker?.name,
      ),
    },
    { name: t('took'), value: compared(took(lastGood.durationMs), took(run.durationMs), false) },
  ];
}

function useAbout({ run, jobRevision, retriedBy, previousId, nextId }: RunDetail): Facts {
  const t = useTranslations('run.aside');
  const words = useTimeWords();
  const lateMs = run.startedAt ? Date.parse(run.startedAt) - Date.parse(run.dueAt) : null;
  const link = (id: number) => (
    <TextLink key={id} href={`/runs/${id}`} className="mr-2">
      {t('run', { id })}
    </TextLink>
  );
  const facts: (Facts[number] | null)[] = [
    {
      name: t('revision'),
      value: (
        <TextLink href={`/jobs/${run.jobKey}/revisions?revision=${run.revision}`}>
          {jobRevision !== null && jobRevision !== run.revision
            ? t('revisionNow', { value: run.revision, current: jobRevision })
            : run.revision}
        </TextLink>
      ),
    },
    { name: t('queue'), value: run.queue },
    { name: t('kind'), value: run.kind },
    run.worker && { name: t('worker'), value: run.worker.name },
    { name: t('due'), value: <AbsoluteTime at={run.scheduledFor} style="millis" /> },
    run.startedAt
      ? {
          name: t('started'),
          value:
            run.attempts === 1 && lateMs !== null ? (
              t.rich('late', {
                at: () => <AbsoluteTime at={run.startedAt!} style="millis" />,
                late: words.duration(Math.max(0, lateMs)),
              })
            ) : (
              <AbsoluteTime at={run.startedAt} style="millis" />
            ),
        }
      : null,
    run.finishedAt
      ? { name: t('ended'), value: <AbsoluteTime at={run.finishedAt} style="millis" /> }
      : null,
    run.note ? { name: t('note'), value: run.note } : null,
    retriedBy.length > 0
      ? { name: t('retries'), value: retriedBy.map(({ id }) => link(id)) }
      : null,
    previousId === null ? null : { name: t('previous'), value: link(previousId) },
    nextId === null ? null : { name: t('next'), value: link(nextId) },
  ];
  return facts.filter((fact) => fact !== null);
}
