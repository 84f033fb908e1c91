'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useSyncExternalStore } from 'react';
import { whyAsked } from './why-asked.ts';
import { WhyContext, type WhyTools } from './why-context.ts';

// It comes when somebody asks, not with every page.
const WhySheet = dynamic(() => import('./why-sheet.tsx').then((file) => file.WhySheet), {
  ssr: false,
});

/** Holds the panel that says why something isn't running, for all pages and the palette (see `whyAsked`). */
export function WhyHost({ tools, children }: { tools: WhyTools; children: ReactNode }) {
  const asked = useSyncExternalStore(whyAsked.subscribe, whyAsked.get, () => null);
  return (
    <WhyContext value={tools}>
      {children}
      {asked && <WhySheet asked={asked} />}
    </WhyContext>
  );
}
