'use client';

import { useRef } from 'react';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '#components/ui/menu.tsx';
import type { MenuEntry } from './lazy-menu.tsx';

/** The menu itself; it hangs on the button that stands before it, and gives the focus back to it. */
export function MenuFloat({
  label,
  entries,
  isOpen,
  onOpenChange,
}: {
  label: string;
  entries: readonly MenuEntry[];
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
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
          // A dialog that the entry opened takes the focus itself.
          if (document.querySelector('[role="dialog"]')) return;
          anchor.current?.parentElement?.querySelector('button')?.focus();
        }}
      >
        {entries.map(({ id, label: words, icon, hint, danger, disabled, run }) => (
          <MenuItem
            key={id}
            icon={icon}
            hint={hint}
            {...(danger ? { danger } : {})}
            {...(disabled ? { disabled } : {})}
            onSelect={run}
          >
            {words}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
