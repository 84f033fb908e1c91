'use client';

import { Slot } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { tips, type TipSide } from './tip-store.ts';

/** A few words on hover and on focus. What can't be done without must not stand here: phones have no hover. */
export function Tooltip({
  content,
  side = 'top',
  children,
}: {
  content: ReactNode;
  side?: TipSide | undefined;
  children: ReactElement;
}) {
  if (content === undefined || content === null || content === '') return children;
  const show = (event: React.SyntheticEvent, isNow: boolean) =>
    tips.show({ anchor: event.currentTarget, content, side }, isNow);
  return (
    <Slot.Root
      onPointerEnter={(event) => {
        if (event.pointerType !== 'touch') show(event, false);
      }}
      onPointerLeave={tips.leave}
      onFocus={(event) => {
        // A click focuses as well; only the keyboard's focus asks for words.
        if (event.currentTarget.matches(':focus-visible')) show(event, true);
      }}
      onBlur={tips.leave}
    >
      {children}
    </Slot.Root>
  );
}
