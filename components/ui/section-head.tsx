import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** The title of a part of a page: "Needs you 4", with a link at the end. */
export function SectionHead({
  title,
  note,
  end,
  className,
  id,
}: {
  title: ReactNode;
  note?: ReactNode;
  end?: ReactNode;
  className?: string | undefined;
  id?: string | undefined;
}) {
  return (
    <div className={cn('flex flex-wrap items-baseline gap-x-2', className)}>
      <h2 id={id} className="text-head">
        {title}
      </h2>
      {note !== undefined && <span className="text-meta text-ink-3">{note}</span>}
      {end && <span className="ml-auto text-meta">{end}</span>}
    </div>
  );
}

/** Facts as name and value, 28 px a line: "Queue  reports". */
export function FactList({
  facts,
  className,
}: {
  facts: readonly { name: ReactNode; value: ReactNode }[];
  className?: string | undefined;
}) {
  return (
    <dl className={cn('text-table', className)}>
      {facts.map((fact, index) => (
        <div key={index} className="grid min-h-7 grid-cols-[5.5rem_minmax(0,1fr)] gap-3 py-1">
          <dt className="text-ink-3">{fact.name}</dt>
          <dd className="min-w-0 break-words">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
