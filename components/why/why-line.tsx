'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import type { CauseKey } from '#core/why/causes.ts';
import { type AskedWhy, whyQuery } from './why-query.ts';

// Mostly all is well: what says otherwise comes only where something is to be said.
const WhyStrip = dynamic(() => import('./why-strip.tsx').then((file) => file.WhyStrip), {
  // Without a place of its own the whole page would wait for it.
  loading: () => <div className="mt-4 h-12" />,
});

const NOTHING: readonly CauseKey[] = [];

/**
 * What keeps a job or a run from running, under the head of its page, with the next step; nothing where all is well.
 * @param saidElsewhere causes that the page says already
 */
export function WhyLine({
  asked,
  saidElsewhere = NOTHING,
}: {
  asked: AskedWhy;
  saidElsewhere?: readonly CauseKey[] | undefined;
}) {
  const { data: why } = useQuery(whyQuery(asked));
  const cause = why?.causes.find(({ key }) => !saidElsewhere.includes(key));
  if (!why || !cause || cause.tone === 'fine') return null;
  return <WhyStrip asked={asked} why={why} cause={cause} />;
}
