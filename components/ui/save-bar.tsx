import type { ReactNode } from 'react';

/** What stays in sight below a long form: what is wrong with it, and its buttons. */
export function SaveBar({
  label,
  problem,
  children,
}: {
  label: string;
  problem: string | undefined;
  children: ReactNode;
}) {
  return (
    <div
      role="group"
      aria-label={label}
      className="sticky bottom-0 z-10 -mx-gutter -mb-16 flex min-h-14 items-center gap-3 border-t border-line-strong bg-canvas px-gutter py-2 text-table phone:fixed phone:inset-x-0 phone:mx-0 phone:mb-0 phone:flex-wrap phone:pb-[calc(0.5rem+env(safe-area-inset-bottom))]"
    >
      <p
        className="min-w-0 flex-1 text-pretty phone:basis-full phone:empty:hidden"
        aria-live="polite"
      >
        {problem !== undefined && <span className="text-fail-ink">{problem}</span>}
      </p>
      {children}
    </div>
  );
}
