'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { useRef, type ComponentProps, type ReactNode } from 'react';
import { cn } from './cn.ts';
import { floatLook, itemLook } from './float-look.ts';
import { Kbd } from './kbd.tsx';

export const MenuTrigger = Radix.Trigger;
export const MenuRadioGroup = Radix.RadioGroup;

/** Not modal: the page behind stays readable to everyone, and a click on it both closes the menu and counts. */
export function Menu({ modal = false, ...rest }: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root modal={modal} {...rest} />;
}

/** A menu that hangs on the button before it (see `LaterMenu`), and gives it the focus back. */
export function AnchoredMenu({
  isOpen,
  onOpenChange,
  label,
  children,
  ...rest
}: Omit<ComponentProps<typeof Radix.Content>, 'aria-label' | 'onCloseAutoFocus'> & {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  label: string;
}) {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <Menu open={isOpen} onOpenChange={onOpenChange}>
      <MenuTrigger asChild>
        <span
          ref={anchor}
          aria-hidden
          tabIndex={-1}
          className="pointer-events-none absolute inset-0"
        />
      </MenuTrigger>
      <MenuContent
        aria-label={label}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          anchor.current?.parentElement?.querySelector('button')?.focus();
        }}
        {...rest}
      >
        {children}
      </MenuContent>
    </Menu>
  );
}

export function MenuContent({
  className,
  sideOffset = 4,
  align = 'end',
  ...rest
}: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        sideOffset={sideOffset}
        align={align}
        collisionPadding={8}
        className={cn(
          floatLook,
          'max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto p-1',
          className,
        )}
        {...rest}
      />
    </Radix.Portal>
  );
}

/** One act. `danger` for what can't be undone; `hint` is a quiet second line. */
export function MenuItem({
  icon,
  hint,
  keys,
  danger = false,
  className,
  children,
  ...rest
}: ComponentProps<typeof Radix.Item> & {
  icon?: ReactNode;
  hint?: ReactNode;
  keys?: string | undefined;
  danger?: boolean | undefined;
}) {
  return (
    <Radix.Item
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
