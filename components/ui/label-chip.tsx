import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

const chipLook = cva(
  'inline-block max-w-full truncate align-middle rounded-mark px-1.5 text-meta leading-[18px]',
  {
    variants: {
      tone: {
        plain: 'bg-hover text-ink-2 group-hover/row:bg-press group-data-cursor/row:bg-press',
        accent: 'bg-accent-tint text-accent',
        ok: 'bg-ok-tint text-ok-ink',
        fail: 'bg-fail-tint text-fail-ink',
        time: 'bg-time-tint text-time-ink',
        lost: 'bg-lost-tint text-lost-ink',
        run: 'bg-run-tint text-run-ink',
      },
    },
    defaultVariants: { tone: 'plain' },
  },
);

/** A small mark with a word: a label, a version, a role. It can't be acted on. */
export function LabelChip({
  tone,
  className,
  ...rest
}: ComponentProps<'span'> & VariantProps<typeof chipLook>) {
  return <span className={cn(chipLook({ tone }), className)} {...rest} />;
}
