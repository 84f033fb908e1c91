import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Mark } from '#components/shell/mark.tsx';
import { LiveClock } from '#components/time/live-clock.tsx';
import { EntryStrip } from './entry-strip.tsx';

/** The pages before one is signed in: the mark, one column, and a strip of ticks at the foot. */
export async function EntryFrame({ title, children }: { title: ReactNode; children: ReactNode }) {
  const host = (await headers()).get('host');
  return (
    <div className="flex min-h-dvh flex-col">
      <main className="mx-auto w-full max-w-[352px] grow px-gutter pt-[max(48px,18vh)] pb-12 desk:px-4">
        <p className="mb-10 flex items-center gap-3 text-title">
          <Mark size={24} />
          Punctual
        </p>
        <h1 className="mb-5 text-title">{title}</h1>
        {children}
      </main>
      <footer>
        <p className="flex justify-between gap-4 px-gutter pb-8 text-meta text-ink-3">
          <span className="truncate">{host}</span>
          <LiveClock className="font-mono" />
        </p>
        <EntryStrip />
      </footer>
    </div>
  );
}
