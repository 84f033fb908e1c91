import { cn } from '#components/ui/cn.ts';

const MOST_BLOCKS = 12;

/** Slots as blocks, filled where in use; a long row is drawn as one bar. Full is the colour of waiting. */
export function SlotBlocks({
  used,
  slots,
  label,
  className,
}: {
  used: number;
  slots: number;
  label: string;
  className?: string | undefined;
}) {
  const isFull = used >= slots;
  const fill = isFull ? 'bg-time-fill' : 'bg-idle-fill';
  if (slots > MOST_BLOCKS) {
    return (
      <span
        role="img"
        aria-label={label}
        className={cn(
          'inline-block h-3 w-24 overflow-hidden rounded-[2px] border border-line-axis align-middle',
          className,
        )}
      >
        <span
          className={cn('block h-full', fill)}
          style={{ width: `${Math.min(100, (used / slots) * 100)}%` }}
        />
      </span>
    );
  }
  return (
    <span
      role="img"
      aria-label={label}
      className={cn('inline-flex gap-0.5 align-middle', className)}
    >
      {Array.from({ length: slots }, (_, index) => (
        <span
          key={index}
          className={cn(
            'h-3 w-2 rounded-[1px] border',
            index < used ? cn(fill, 'border-transparent') : 'border-line-axis',
          )}
        />
      ))}
    </span>
  );
}
