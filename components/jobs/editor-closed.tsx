'use client';

import { Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, type ReactNode } from 'react';

/** Groups of the form's fields that different permissions are about, and which permission one lacks for a group. */
export type ClosedTo = Partial<
  Record<'what' | 'when' | 'work', 'job:write' | 'job:write_when' | 'job:write_host'>
>;

/** Fields as they are, for whoever may look at them only: none of them takes a key or a click. */
export function ClosedFields({
  permission,
  children,
}: {
  permission: NonNullable<ClosedTo[keyof ClosedTo]>;
  children: ReactNode;
}) {
  const who = useTranslations('whoMay');
  const id = useId();
  return (
    <fieldset
      disabled
      aria-describedby={id}
      className="grid min-w-0 gap-4 rounded-box bg-hover px-3 py-3"
    >
      <p id={id} className="flex items-baseline gap-2 text-table text-pretty text-ink-2">
        <Lock aria-hidden className="size-3.5 shrink-0 self-center text-ink-3" />
        {who(permission)}
      </p>
      {children}
    </fieldset>
  );
}
