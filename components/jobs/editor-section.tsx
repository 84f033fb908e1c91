import type { ReactNode } from 'react';
import type { EditorSection as SectionName } from './editor-problems.ts';
import { Reach } from './editor-reach.tsx';
import type { ClosedTo } from './editor-closed.tsx';

/** One part of the form under its title; the strip at the top leads to it. */
export function EditorSection({
  name,
  title,
  sentence,
  of,
  children,
}: {
  name: SectionName;
  title: string;
  sentence?: ReactNode;
  /** What all its fields are about; without it they say so themselves. */
  of?: keyof ClosedTo;
  children: ReactNode;
}) {
  return (
    <section
      id={`editor-${name}`}
      aria-labelledby={`editor-${name}-title`}
      className="scroll-mt-14 border-t border-line py-5 first:border-t-0"
    >
      <h2 id={`editor-${name}-title`} className="text-head">
        {title}
      </h2>
      {sentence && <p className="mt-0.5 text-table text-pretty text-ink-2">{sentence}</p>}
      <div className="mt-3 grid gap-4">{of ? <Reach of={of}>{children}</Reach> : children}</div>
    </section>
  );
}
