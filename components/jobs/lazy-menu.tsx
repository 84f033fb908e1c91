'use client';

import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';

// A menu weighs more than the page that it stands on: it comes when the pointer or the focus comes near.
const MenuFloat = dynamic(() => import('./menu-float.tsx').then((file) => file.MenuFloat), {
  ssr: false,
});

export type MenuEntry = {
  id: string;
  label: string;
  icon?: ReactNode;
  hint?: string | undefined;
  danger?: boolean;
  disabled?: boolean;
  run: () => void;
};

/** What the button that opens the menu has to carry. */
export type MenuButtonProps = {
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
  onPointerEnter: () => void;
  onFocus: () => void;
  onClick: () => void;
};

export function LazyMenu({
  label,
  entries,
  className,
  children,
}: {
  label: string;
  entries: readonly MenuEntry[];
  className?: string;
  children: (props: MenuButtonProps) => ReactNode;
}) {
  const [isWanted, setIsWanted] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const want = () => setIsWanted(true);
  return (
    <span className={className ?? 'relative'}>
      {children({
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        onPointerEnter: want,
        onFocus: want,
        onClick: () => setIsOpen(true),
      })}
      {(isWanted || isOpen) && (
        <MenuFloat label={label} entries={entries} isOpen={isOpen} onOpenChange={setIsOpen} />
      )}
    </span>
  );
}
