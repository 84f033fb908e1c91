import { cva, type VariantProps } from 'class-variance-authority';
import {
  Children,
  cloneElement,
  type ComponentProps,
  type ReactElement,
  type ReactNode,
} from 'react';
import { cn } from './cn.ts';

const buttonLook = cva(
  [
    'relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-box border text-table font-medium no-underline',
    'disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50',
    '[&_svg]:size-3.5 [&_svg]:shrink-0',
  ],
  {
    variants: {
      variant: {
        plain:
          'border-line-strong bg-canvas text-ink hover:bg-hover active:bg-press [&_svg]:text-ink-2 aria-expanded:bg-hover',
        primary:
          'border-accent-fill bg-accent-fill text-on-accent hover:border-accent-fill-hover hover:bg-accent-fill-hover active:opacity-90',
        ghost:
          'border-transparent bg-transparent text-ink hover:bg-hover active:bg-press [&_svg]:text-ink-2 aria-expanded:bg-hover',
        quiet: 'border-transparent bg-transparent text-accent hover:bg-hover active:bg-press',
        danger: 'border-line-strong bg-canvas text-fail-ink hover:bg-fail-tint active:bg-fail-tint',
      },
      size: {
        normal: 'h-control px-3',
        small: 'h-control-small px-2.5 text-meta phone:text-table',
      },
      iconOnly: { true: '', false: '' },
      wide: { true: 'w-full', false: '' },
    },
    compoundVariants: [
      { variant: 'quiet', iconOnly: false, className: 'px-2' },
      { size: 'normal', iconOnly: true, className: 'w-control px-0 [&_svg]:size-4' },
      { size: 'small', iconOnly: true, className: 'w-control-small px-0' },
    ],
    defaultVariants: { variant: 'plain', size: 'normal', iconOnly: false, wide: false },
  },
);

export type ButtonProps = Omit<ComponentProps<'button'>, 'ref'> &
  Omit<VariantProps<typeof buttonLook>, 'iconOnly'> & {
    ref?: React.Ref<HTMLButtonElement> | undefined;
    /** An icon before the words. */
    icon?: ReactNode;
    /** The action is under way: the control says so, keeps its width and takes no second click. */
    pending?: boolean | undefined;
    /** Renders the only child (a link) with the look of a button; `icon` and `pending` don't apply. */
    asChild?: boolean | undefined;
  };

/** A control that acts. At most one `primary` stands on a page; `danger` is for what can't be undone. */
export function Button({
  variant,
  size,
  wide,
  icon,
  pending = false,
  asChild = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  const look = cn(buttonLook({ variant, size, wide }), className);
  if (asChild) {
    const child = Children.only(children) as ReactElement<{ className?: string | undefined }>;
    return cloneElement(child, { ...rest, className: cn(look, child.props.className) });
  }
  return (
    <button
      type={type}
      className={look}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      {...rest}
    >
      <span className={cn('contents', pending && '[&>*]:opacity-0')}>
        {icon}
        {pending ? <span>{children}</span> : children}
      </span>
      {pending && <PendingMark />}
    </button>
  );
}

export type IconButtonProps = Omit<ButtonProps, 'icon' | 'wide' | 'asChild' | 'children'> & {
  /** What it does; read out, and shown as the control's title. */
  label: string;
  children: ReactNode;
};

/** A control that is an icon alone. */
export function IconButton({
  label,
  variant = 'ghost',
  size,
  pending = false,
  disabled,
  className,
  children,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={cn(buttonLook({ variant, size, iconOnly: true }), className)}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      {...rest}
    >
      {pending ? <PendingMark /> : children}
    </button>
  );
}

/** Two controls that look like one: the usual act, and a menu of the others. Children are `Button` and a `LaterMenu` on `SplitMore`. */
export function SplitButton({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      className={cn(
        'inline-flex [&>*:first-child]:rounded-r-none [&>*:last-child]:-ml-px [&>*:last-child>button]:rounded-l-none',
        'phone:[&>*:first-child]:flex-1 [&>*:focus-visible]:z-10',
        className,
      )}
      {...rest}
    />
  );
}

/** The narrow second half of a `SplitButton`, the trigger of its menu. */
export function SplitMore({ className, variant, ...rest }: IconButtonProps) {
  return (
    <IconButton
      variant={variant ?? 'plain'}
      className={cn(
        'w-7 phone:w-10 [&_svg]:size-3.5',
        variant === 'primary' &&
          'ml-0! border-l-[color-mix(in_srgb,var(--on-accent)_28%,var(--accent-fill))]',
        className,
      )}
      {...rest}
    />
  );
}

// Drawn here: the icons' own library would come with every page that only has a button, such as "not found".
function PendingMark() {
  return (
    <span className="absolute inset-0 grid place-items-center">
      <svg
        aria-hidden
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth={2}
        strokeLinecap="round"
        className="animate-spin"
      >
        <path d="M21 12a9 9 0 1 1-6.2-8.6" />
      </svg>
    </span>
  );
}
