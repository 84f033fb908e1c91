'use client';

import { useState } from 'react';

/**
 * The state of what floats beside a button and is loaded only when somebody is about to ask for it: when the pointer or
 * the focus comes near. `handlers` are the button's; what floats is rendered once it `isWanted`.
 */
export function useLaterFloat() {
  const [isWanted, setIsWanted] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const want = () => setIsWanted(true);
  return {
    isWanted,
    isOpen,
    onOpenChange: setIsOpen,
    handlers: {
      onPointerEnter: want,
      onFocus: want,
      onClick: () => {
        want();
        setIsOpen(!isOpen);
      },
      'aria-expanded': isOpen,
    },
  };
}
