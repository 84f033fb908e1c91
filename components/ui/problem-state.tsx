import { CircleAlert, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export type ProblemStateProps = {
  /** What happened: "The runs could not be loaded." */
  title: ReactNode;
  /** What it means: what still works, what was kept. */
  meaning?: ReactNode;
  /** What to do about it, where it isn't one of the actions. */
  nextStep?: ReactNode;
  /** Retry first, then other ways on. */
  actions?: ReactNode;
  /** For whoever is asked for help: an error's number or words, in mono. */
  detail?: ReactNode;
  tone?: 'fail' | 'locked' | undefined;
  /** `h1` where the whole page is the problem. */
  heading?: 'h1' | 'h2' | undefined;
  className?: string | undefined;
};

/** Says what happened, what it means and what to do, where the content would have stood. */
export function ProblemState({
  title,
  meaning,
  nextStep,
  actions,
  detail,
  tone = 'fail',
  heading: Heading = 'h2',
  className,
}: ProblemStateProps) {
  const Icon = tone === 'fail' ? CircleAlert : Lock;
  return (
    <section
      role={tone === 'fail' ? 'alert' : undefined}
      className={cn('mt-6 grid max-w-[40rem] grid-cols-[16px_minmax(0,1fr)] gap-x-3', className)}
    >
      <Icon
        aria-hidden
        className={cn('mt-0.5 size-4', tone === 'fail' ? 'text-fail-ink' : 'text-ink-3')}
      />
      <div>
        <Heading className="text-head">{title}</Heading>
        {meaning && <p className="mt-1 text-body text-pretty text-ink-2">{meaning}</p>}
        {nextStep && <p className="mt-1 text-body text-pretty text-ink-2">{nextStep}</p>}
        {detail && (
          <p className="mt-3 rounded-box bg-sunk px-3 py-2 font-mono text-meta break-words text-ink-2">
            {detail}
          </p>
        )}
        {actions && <div className="mt-4 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </section>
  );
}
