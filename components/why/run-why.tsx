'use client';

import { useQuery } from '@tanstack/react-query';
import { useClockText } from '#components/time/now-provider.tsx';
import { useWhyWords } from './use-why-words.ts';
import { whyQuery } from './why-query.ts';

/** Of a run that waits and has nothing in its way: when it starts. What is in its way stands under the head. */
export function RunWhy({ runId }: { runId: number }) {
  const { data: why } = useQuery(whyQuery({ runId }));
  const words = useWhyWords();
  const sentence = useClockText((nowMs) => {
    const first = why?.causes[0];
    return first?.tone === 'fine' ? words.sentence(first, nowMs) : '';
  });
  return <span suppressHydrationWarning>{sentence}</span>;
}
