'use client';

import { holds } from '#core/auth/right.ts';
import type { WhyTarget, WhyTone } from '#core/why/cause.ts';
import type { Cause, Why } from '#core/why/why.ts';
import { useNow } from '#components/time/now-provider.tsx';
import { cn } from '#components/ui/cn.ts';
import { TextLink } from '#components/ui/text-link.tsx';
import { useWhyWords } from './use-why-words.ts';
import { WhyAct } from './why-act.tsx';
import { addressOf } from './why-address.ts';
import { whyAsked } from './why-asked.ts';
import { useWhyTools } from './why-context.ts';

const marks: Readonly<Record<WhyTone, string>> = {
  stops: 'bg-fail-tint text-fail-ink',
  waits: 'bg-time-tint text-time-ink',
  tells: 'bg-time-tint text-time-ink',
  fine: 'bg-hover text-ink-2',
};

/** One cause: what it is, the facts behind it with the way to them, and what mends it. */
export function WhyCause({
  why,
  cause,
  place,
  isLast,
}: {
  why: Why;
  cause: Cause;
  place: number;
  isLast: boolean;
}) {
  const words = useWhyWords();
  const nowMs = useNow();
  const { rights } = useWhyTools();
  const mayOpen = ({ to }: WhyTarget) =>
    to === 'workers'
      ? holds(rights['worker:read'], why.job.labels)
      : to !== 'secrets' || holds(rights['secret:read'], why.job.labels);
  return (
    <li className="relative pb-5 pl-7">
      <span
        aria-hidden
        className={cn(
          'absolute top-px left-0 size-[1.125rem] rounded-mark text-center text-[0.6875rem] leading-[1.125rem] font-semibold',
          marks[cause.tone],
        )}
      >
        {place}
      </span>
      {!isLast && (
        <span aria-hidden className="absolute top-6 bottom-1 left-2 border-l border-line-strong" />
      )}
      <h3 className="text-table font-semibold">{words.title(cause, nowMs)}</h3>
      {place > 1 && (
        <p className="mt-0.5 text-table text-pretty text-ink-2">{words.sentence(cause, nowMs)}</p>
      )}
      {cause.evidence.length > 0 && (
        <dl className="mt-1.5 text-table">
          {cause.evidence.map((fact, index) => {
            const { label, text } = words.evidence(fact, nowMs);
            return (
              <div
                key={index}
                className="grid min-h-[1.625rem] grid-cols-[7.75rem_minmax(0,1fr)] items-baseline gap-3 py-[3px] phone:grid-cols-[6.5rem_minmax(0,1fr)]"
              >
                <dt className="min-w-0 break-words text-ink-3">
                  {fact.link && mayOpen(fact.link) ? (
                    <TextLink href={addressOf(fact.link)} onClick={whyAsked.close}>
                      {label}
                    </TextLink>
                  ) : (
                    label
                  )}
                </dt>
                <dd className="min-w-0 break-words">{text}</dd>
              </div>
            );
          })}
        </dl>
      )}
      {cause.actions.length > 0 && (
        <div className="mt-2.5 flex flex-wrap gap-2">
          {cause.actions.map((action, index) => (
            <WhyAct
              key={action.key}
              action={action}
              labels={why.job.labels}
              isFirst={place === 1 && index === 0 && cause.tone !== 'fine'}
              onFollow={whyAsked.close}
            />
          ))}
        </div>
      )}
    </li>
  );
}
