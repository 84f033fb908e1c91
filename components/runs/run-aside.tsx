'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { FactList, SectionHead } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { RunDetail } from '#core/runs/read-run.ts';
import { parametersApart } from './parameters-apart.ts';

type Fact = { name: ReactNode; value: ReactNode };

// A start within 50 ms is punctual, as the ledger reckons waits.
const PUNCTUAL_MS = 50;

/** What differs from the last run that went well, and the facts of this one. */
export function RunAside({ detail }: { detail: RunDetail }) {
  const t = useTranslations('run.aside');
  const { run, lastGood } = detail;
  const hasGone = run.state === 'failed' || run.state === 'timed_out' || run.state === 'lost';
  const isCompared = hasGone && lastGood !== null;
  const compared = useCompared(detail);
  const about = useAbout(detail, isCompared);
  return (
    <aside className="grid content-start gap-5 border-l border-line pl-6 max-[60rem]:order-last max-[60rem]:border-l-0 max-[60rem]:pl-0">
      {isCompared && (
        <section>
          <SectionHead
            title={t('sinceGood')}
            note={
              <TextLink href={`/runs/${lastGood.id}`}>
                <AbsoluteTime at={lastGood.scheduledFor} />
              </TextLink>
            }
          />
          <FactList className="mt-1.5" facts={compared} />
        </section>
      )}
      <section>
        <SectionHead title={t('about')} />
        <FactList className="mt-1.5" facts={about} />
      </section>
    </aside>
  );
}

function useCompared({ run, lastGood }: RunDetail): Fact[] {
  const t = useTranslations('run.aside');
  const words = useTimeWords();
  if (!lastGood) return [];
  const beside = (before: ReactNode, now: ReactNode, isSame: boolean) =>
    isSame ? (
      <span className="text-ink-2">{t.rich('same', { value: () => now })}</span>
    ) : (
      t.rich('was', { before: () => before, now: () => <b className="font-medium">{now}</b> })
    );
  const took = (ms: number | null) => (ms === null ? '–' : words.duration(ms));
  const apart = parametersApart(lastGood.parameters, run.parameters);
  return [
    {
      name: t('revision'),
      value: beside(
        lastGood.revision,
        <RevisionLink run={run} />,
        lastGood.revision === run.revision,
      ),
    },
    {
      name: t('worker'),
      value: beside(
        lastGood.worker?.name ?? '–',
        run.worker?.name ?? '–',
        lastGood.worker?.name === run.worker?.name,
      ),
    },
    ...(run.parameters || lastGood.parameters
      ? [
          {
            name: t('parameters'),
            value:
              apart.length === 0 ? (
                <span className="text-ink-2">{t('parametersSame')}</span>
              ) : (
                apart.map(({ name, before, now }) => (
                  <span key={name} className="block font-mono break-words">
                    {name}: {t('both', { before: before ?? '–', now: now ?? '–' })}
                  </span>
                ))
              ),
          },
        ]
      : []),
    {
      name: t('attempt'),
      value: t('both', { before: took(lastGood.durationMs), now: took(run.durationMs) }),
    },
  ];
}

function useAbout(detail: RunDetail, isCompared: boolean): Fact[] {
  const t = useTranslations('run.aside');
  const { run, jobRevision, retriedBy, previousId, nextId } = detail;
  const link = (id: number) => (
    <TextLink key={id} href={`/runs/${id}`} className="mr-2">
      {t('run', { id })}
    </TextLink>
  );
  const neighbours = [previousId, nextId].filter((id) => id !== null);
  const facts: (Fact | null)[] = [
    {
      name: t(run.trigger === 'tick' ? 'tick' : 'asked'),
      value: <Start detail={detail} />,
    },
    run.covers
      ? {
          name: t('covers'),
          value: (
            <>
              <Stretch covers={run.covers} />
              {!run.coversForJob && (
                <span className="block text-meta text-ink-3">
                  {t(run.trigger === 'test' ? 'coversTest' : 'coversApart')}
                </span>
              )}
            </>
          ),
        }
      : null,
    run.finishedAt
      ? { name: t('ended'), value: <AbsoluteTime at={run.finishedAt} form="seconds" /> }
      : null,
    isCompared
      ? null
      : {
          name: t('revision'),
          value:
            jobRevision !== null && jobRevision !== run.revision ? (
              t.rich('revisionNow', {
                value: () => <RevisionLink run={run} />,
                current: jobRevision,
              })
            ) : (
              <RevisionLink run={run} />
            ),
        },
    run.worker && !isCompared ? { name: t('worker'), value: run.worker.name } : null,
    { name: t('queue'), value: run.queue },
    { name: t('kind'), value: run.kind },
    run.wroteState === null
      ? null
      : {
          name: t('state'),
          value: t.rich('wroteState', {
            version: run.wroteState,
            link: (chunks) => (
              <TextLink
                href={`/jobs/${run.jobKey}/state?version=${run.wroteState}`}
                className="underline"
              >
                {chunks}
              </TextLink>
            ),
          }),
        },
    run.note ? { name: t('note'), value: run.note } : null,
    retriedBy.length > 0
      ? { name: t('retries'), value: retriedBy.map(({ id }) => link(id)) }
      : null,
    neighbours.length > 0 ? { name: t('neighbours'), value: neighbours.map(link) } : null,
  ];
  return facts.filter((fact) => fact !== null);
}

function RevisionLink({ run }: { run: RunDetail['run'] }) {
  const t = useTranslations('trial');
  return (
    <>
      {/* Beside other words the colour alone doesn't tell a link. */}
      <TextLink
        href={`/jobs/${run.jobKey}/revisions?revision=${run.revision}`}
        className="underline"
      >
        {run.revision}
      </TextLink>
      {run.isOnTrial && <>, {t('chip')}</>}
    </>
  );
}

/** What it was told to cover: from the job's last success before it up to its own time. */
function Stretch({ covers: { from, to } }: { covers: NonNullable<RunDetail['run']['covers']> }) {
  const t = useTranslations('run.aside');
  const end = () => <AbsoluteTime at={to} form="seconds" />;
  return from === null
    ? t.rich('coversAll', { to: end })
    : t.rich('coversFrom', { from: () => <AbsoluteTime at={from} form="seconds" />, to: end });
}

/** When it was due, and how much later it started. The later attempts' times stand on the axis. */
function Start({ detail: { run, timeline } }: { detail: RunDetail }) {
  const t = useTranslations('run.aside');
  const words = useTimeWords();
  const at = () => <AbsoluteTime at={run.scheduledFor} form="seconds" />;
  const first = timeline.find((part) => part.kind === 'attempt');
  if (!first) return at();
  const lateMs = Date.parse(first.from) - Date.parse(run.scheduledFor);
  return lateMs <= PUNCTUAL_MS
    ? t.rich('startedOnTime', { at })
    : t.rich('startedLate', { at, late: words.duration(lateMs) });
}
