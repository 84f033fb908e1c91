'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import {
  useLayoutEffect,
  useRef,
  type ComponentProps,
  type ReactNode,
  type RefObject,
} from 'react';
import { cn } from './cn.ts';
import { floatLook, itemLook } from './float-look.ts';
import { Kbd } from './kbd.tsx';

export const MenuRadioGroup = Radix.RadioGroup;

/**
 * A menu that hangs on the button before it (see `LaterMenu`), and gives it the focus back; a click on that button is
 * the button's alone.
 */
export function AnchoredMenu({
  isOpen,
  onOpenChange,
  label,
  side,
  children,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  label: string;
  side?: 'top' | 'bottom';
  children: ReactNode;
}) {
  const anchor = useRef<HTMLSpanElement>(null);
  const wasOpen = useRef(isOpen);
  // The moment it closes, not when it has gone: a dialog that an entry opened takes the focus from the button then, and
  // gives it back to it.
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen) buttonOf(anchor)?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return (
    // Not modal: the page behind stays readable to everyone, and a click on it both closes the menu and counts.
    <Radix.Root modal={false} open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>
        <span
          ref={anchor}
          aria-hidden
          tabIndex={-1}
          className="pointer-events-none absolute inset-0"
        />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          {...(side && { side })}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          onInteractOutside={(event) => {
            if (event.target instanceof Node && buttonOf(anchor)?.contains(event.target)) {
              event.preventDefault();
            }
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (document.activeElement === document.body) buttonOf(anchor)?.focus();
          }}
          className={cn(
            floatLook,
            'max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto p-1',
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function buttonOf(anchor: RefObject<HTMLElement | null>) {
  return anchor.current?.parentElement?.querySelector('button');
}

/** One act. `danger` for what can't be undone; `hint` is a quiet second line. */
export function MenuItem({
  icon,
  hint,
  keys,
  danger = false,
  onSelect,
  className,
  children,
  ...rest
}: Omit<ComponentProps<typeof Radix.Item>, 'onSelect'> & {
  icon?: ReactNode;
  hint?: ReactNode;
  keys?: string | undefined;
  danger?: boolean | undefined;
  onSelect: () => void;
}) {
  return (
    <Radix.Item
      // Radix tells of it while the menu is open still: a dialog would take the focus from an entry that goes.
      onSelect={() => queueMicrotask(onSelect)}
      className={cn(itemLook, '[&_svg]:text-ink-3', danger && 'text-fail-ink', className)}
      {...rest}
    >
      {icon}
      <span className="min-w-0 flex-1">
        {children}
        {hint && <span className="block text-meta text-ink-3">{hint}</span>}
      </span>
      {keys && <Kbd className="phone:hidden">{keys}</Kbd>}
    </Radix.Item>
  );
}

export function MenuRadioItem({
  className,
  children,
  ...rest
}: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem className={cn(itemLook, 'pr-8', className)} {...rest}>
      <span className="min-w-0 flex-1">{children}</span>
      <MenuMark />
    </Radix.RadioItem>
  );
}

export function MenuCheckboxItem({
  className,
  children,
  ...rest
}: ComponentProps<typeof Radix.CheckboxItem>) {
  return (
    <Radix.CheckboxItem className={cn(itemLook, 'pr-8', className)} {...rest}>
      <span className="min-w-0 flex-1">{children}</span>
      <MenuMark />
    </Radix.CheckboxItem>
  );
}

export function MenuLabel({ className, ...rest }: ComponentProps<typeof Radix.Label>) {
  return (
    <Radix.Label className={cn('px-2 pt-1.5 pb-1 text-meta text-ink-3', className)} {...rest} />
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 border-t border-line" />;
}

function MenuMark() {
  return (
    <Radix.ItemIndicator className="absolute right-2">
      <Check aria-hidden className="size-3.5 text-accent" />
    </Radix.ItemIndicator>
  );
}
