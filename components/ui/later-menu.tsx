'use client';

import { cloneElement, useState, type ReactElement, type ReactNode } from 'react';

export type LaterMenuState = { isOpen: boolean; onOpenChange: (isOpen: boolean) => void };

type ButtonHandlers = {
  onPointerEnter: () => void;
  onFocus: () => void;
  onClick: () => void;
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
};

/**
 * A button whose menu comes when somebody is about to ask for it: menus weigh as much as a screen.
 * The menu is an `AnchoredMenu` in a file of its own, loaded by `dynamic`:
 * `<LaterMenu button={<IconButton label="More">…</IconButton>}>{(state) => <MoreMenu {...state} />}</LaterMenu>`
 */
export function LaterMenu({
  button,
  children,
}: {
  button: ReactElement<Partial<ButtonHandlers>>;
  children: (state: LaterMenuState) => ReactNode;
}) {
  const [isWanted, setIsWanted] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const want = () => setIsWanted(true);
  return (
    <span className="relative inline-flex shrink-0">
      {cloneElement(button, {
        onPointerEnter: want,
        onFocus: want,
        onClick: () => {
          want();
          setIsOpen(true);
        },
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
      })}
      {isWanted && children({ isOpen, onOpenChange: setIsOpen })}
    </span>
  );
}
