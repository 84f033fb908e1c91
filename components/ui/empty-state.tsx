import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** What would be here, and the button that makes it. `aside` is for a picture that teaches. */
export function EmptyState({
  title,
  children,
  actions,
  aside,
  className,
}: {
  title: ReactNode;
  /** One or two sentences. */
  children?: ReactNode;
  actions?: ReactNode;
  aside?: ReactNode;
  className?: string | undefined;
}) {
  return (
    <section
      className={cn(
        'mt-7 grid items-start gap-16 phone:mt-4 phone:gap-8',
        aside !== undefined && 'min-[70rem]:grid-cols-[minmax(0,27.5rem)_minmax(0,1fr)]',
        className,
      )}
    >
      <div className="max-w-[27.5rem]">
        <h2 className="text-head">{title}</h2>
        {children && <div className="mt-1 text-body text-pretty text-ink-2">{children}</div>}
        {actions && <div className="mt-5 flex flex-wrap gap-2 phone:[&>*]:flex-1">{actions}</div>}
      </div>
      {aside && (
        <div className="min-[70rem]:border-l min-[70rem]:border-line min-[70rem]:pl-12 phone:border-t phone:border-line phone:pt-5">
          {aside}
        </div>
      )}
    </section>
  );
}
