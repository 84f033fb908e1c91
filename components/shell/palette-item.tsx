'use client';

import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';
import { itemLook } from '#components/ui/float-look.ts';
import { Kbd } from '#components/ui/kbd.tsx';

/** Items under a heading; it goes when none of them fits what was typed. */
export function PaletteGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

/** One thing to do or to go to, with its keys. */
export function PaletteItem({
  value,
  keywords,
  icon,
  keys,
  hint,
  isDisabled = false,
  onSelect,
  children,
}: {
  value: string;
  keywords: string[];
  icon: ReactNode;
  keys?: string | undefined;
  hint?: ReactNode;
  isDisabled?: boolean | undefined;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      keywords={keywords}
      disabled={isDisabled}
      onSelect={onSelect}
      className={cn(itemLook, 'h-9 [&>svg]:text-ink-3')}
    >
      {icon ?? <span className="size-3.5" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {hint && <span className="max-w-60 truncate text-meta text-ink-3">{hint}</span>}
      {keys && (
        <span className="flex gap-1 phone:hidden">
          {keys.split(' ').map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}
