'use client';

import { useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Why } from '#core/why/why.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useNow } from '#components/time/now-provider.tsx';
import { Dialog, SheetContent } from '#components/ui/dialog.tsx';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useWhyWords } from './use-why-words.ts';
import { WhyCause } from './why-cause.tsx';
import { whyAsked } from './why-asked.ts';
import { type AskedWhy, whyQuery } from './why-query.ts';

/** The answer in one sentence, every cause with what mends it, and what was looked at and is fine. */
export function WhySheet({ asked }: { asked: AskedWhy }) {
  const t = useTranslations('why');
  const { data: why, isError, refetch } = useQuery({ ...whyQuery(asked), staleTime: 0 });
  const mono = (words: ReactNode) => <span className="font-mono text-ink">{words}</span>;
  const title =
    'key' in asked ? t.rich('title', { key: asked.key, mono }) : t('titleRun', { id: asked.runId });
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && whyAsked.close()}>
      <SheetContent title={<span className="text-body font-normal text-ink-2">{title}</span>}>
        {why ? (
          <Answer why={why} />
        ) : isError ? (
          <LoadProblem
            title={t('failed')}
            meaning={t('failedHint')}
            onRetry={() => void refetch()}
          />
        ) : (
          <Looking label={t('loading')} />
        )}
      </SheetContent>
    </Dialog>
  );
}

function Answer({ why }: { why: Why }) {
  const t = useTranslations('why');
  const words = useWhyWords();
  const nowMs = useNow();
  const [first] = why.causes;
  const starts = words.starts(why, nowMs);
  return (
    <>
      {/* Read out again when another cause weighs most; what merely counts on isn't. */}
      <p className="text-[0.9375rem] leading-[1.375rem] font-medium text-pretty">
        {words.sentence(first, nowMs)}
      </p>
      {starts !== null && <p className="mt-1 text-table text-pretty text-ink-2">{starts}</p>}
      <ol className="mt-5">
        {why.causes.map((cause, index) => (
          <WhyCause
            why={why}
            key={cause.key}
            cause={cause}
            place={index + 1}
            isLast={index === why.causes.length - 1}
          />
        ))}
      </ol>
      {why.fine.length > 0 && (
        <section aria-labelledby="why-fine" className="mt-2">
          <h3 id="why-fine" className="text-head">
            {t('lookedAt')}{' '}
            <small className="ml-1 text-meta font-normal text-ink-3">
              <AbsoluteTime at={why.at} form="seconds" />
            </small>
          </h3>
          <ul className="mt-1.5 grid grid-cols-2 gap-x-6 text-table phone:grid-cols-1">
            {why.fine.map((fact) => {
              const { label, text } = words.fine(fact, nowMs);
              return (
                <li key={fact.key} className="flex min-h-[1.625rem] items-center gap-2">
                  <Check aria-hidden className="size-3.5 shrink-0 text-ok-ink" />
                  <span className="min-w-0 truncate">{label}</span>
                  <span className="ml-auto shrink-0 text-ink-3">{text}</span>
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </>
  );
}

function Looking({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-4 pt-1">
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="w-2/5" />
      <Skeleton className="mt-4 w-3/5" />
      <Skeleton className="w-1/2" />
    </div>
  );
}
