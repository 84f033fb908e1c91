'use client';

import { cloneElement, type ReactElement, type ReactNode } from 'react';
import { cn } from './cn.ts';
import { useLaterFloat } from './use-later-float.ts';

export type LaterMenuState = { isOpen: boolean; onOpenChange: (isOpen: boolean) => void };

type ButtonProps = ReturnType<typeof useLaterFloat>['handlers'] & { 'aria-haspopup': 'menu' };

/**
 * A button whose menu comes when somebody is about to ask for it: menus weigh as much as a screen.
 * The menu is an `AnchoredMenu` in a file of its own, loaded by `dynamic`:
 * `<LaterMenu button={<IconButton label="More">…</IconButton>}>{(state) => <MoreMenu {...state} />}</LaterMenu>`
 */
export function LaterMenu({
  button,
  className,
  children,
}: {
  button: ReactElement<Partial<ButtonProps>>;
  className?: string | undefined;
  children: (state: LaterMenuState) => ReactNode;
}) {
  const { isWanted, isOpen, onOpenChange, handlers } = useLaterFloat();
  return (
    <span className={cn('relative inline-flex shrink-0', className)}>
      {cloneElement(button, { ...handlers, 'aria-haspopup': 'menu' })}
      {isWanted && children({ isOpen, onOpenChange })}
    </span>
  );
}
