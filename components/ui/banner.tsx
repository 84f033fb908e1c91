import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

const tones = {
  info: { icon: Info, look: 'bg-accent-tint [&>svg]:text-accent' },
  warn: { icon: TriangleAlert, look: 'bg-time-tint [&>svg]:text-time-ink' },
  fail: { icon: CircleAlert, look: 'bg-fail-tint [&>svg]:text-fail-ink' },
} as const;

/** Something that holds for the whole page or installation as long as it lasts, with what to do about it. */
export function Banner({
  tone = 'info',
  icon,
  actions,
  className,
  children,
}: {
  tone?: keyof typeof tones | undefined;
  icon?: ReactNode;
  actions?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}) {
  const { icon: Icon, look } = tones[tone];
  return (
    <div
      role="status"
      className={cn(
        'flex min-h-9 items-center gap-3 border-b border-line px-gutter py-1.5 text-table text-pretty [&>svg]:size-3.5 [&>svg]:shrink-0',
        look,
        className,
      )}
    >
      {icon ?? <Icon aria-hidden />}
      <span className="min-w-0 flex-1">{children}</span>
      {actions && <span className="flex shrink-0 items-center gap-2">{actions}</span>}
    </div>
  );
}

/** A remark inside a page or form, tinted by its tone: a collision, a cause, a warning at a field. */
export function Notice({
  tone = 'warn',
  title,
  actions,
  className,
  children,
}: {
  tone?: keyof typeof tones | undefined;
  title?: ReactNode;
  actions?: ReactNode;
  className?: string | undefined;
  children?: ReactNode;
}) {
  const { icon: Icon, look } = tones[tone];
  return (
    <div
      className={cn(
        'grid grid-cols-[14px_minmax(0,1fr)] gap-x-3 rounded-box px-3 py-2.5 text-table text-pretty [&>svg]:mt-[3px] [&>svg]:size-3.5',
        look,
        className,
      )}
    >
      <Icon aria-hidden />
      <div>
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={cn(title !== undefined && 'text-ink-2')}>{children}</div>}
        {actions && <div className="mt-1 flex flex-wrap gap-4">{actions}</div>}
      </div>
    </div>
  );
}
