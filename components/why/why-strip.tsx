'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { Cause, Why } from '#core/why/why.ts';
import { useNow } from '#components/time/now-provider.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { whyAsked } from './why-asked.ts';
import type { AskedWhy } from './why-query.ts';
import { useWhyWords } from './use-why-words.ts';

// The sentence comes with the page, the act a moment later: it takes its place in a line that is as high already.
const WhyAct = dynamic(() => import('./why-act.tsx').then((file) => file.WhyAct), {
  ssr: false,
  loading: () => <span className="h-control-small" />,
});

/** One cause in a sentence, its next step, and the way to all of them. */
export function WhyStrip({ asked, why, cause }: { asked: AskedWhy; why: Why; cause: Cause }) {
  const t = useTranslations('why');
  const words = useWhyWords();
  const nowMs = useNow();
  const starts = words.starts(why, nowMs);
  const [next] = cause.actions;
  return (
    <div
      data-why={cause.key}
      className={cn(
        'mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 rounded-box px-3 py-2.5 text-table phone:-mx-gutter phone:rounded-none phone:px-gutter',
        cause.tone === 'stops' ? 'bg-fail-tint' : 'bg-time-tint',
      )}
    >
      <p
        className="min-w-0 flex-1 basis-[28rem] text-pretty phone:basis-full"
        suppressHydrationWarning
      >
        {words.sentence(cause, nowMs)}
        {starts !== null && <span className="text-ink-2"> {starts}</span>}
      </p>
      <span className="flex shrink-0 flex-wrap items-center gap-2">
        {next && <WhyAct action={next} labels={why.job.labels} isFirst={false} />}
        <Button size="small" variant="ghost" onClick={() => whyAsked.ask(asked)}>
          {t('every', { count: why.causes.length })}
        </Button>
      </span>
    </div>
  );
}
