'use client';

import { useEffect, useState } from 'react';

// A few lines down one still reads the top of the list.
const TOP_PX = 60;

/** Whether the page shows the top of its list. */
export function useIsAtTop(): boolean {
  const [isAtTop, setIsAtTop] = useState(true);
  useEffect(() => {
    const look = () => setIsAtTop(window.scrollY < TOP_PX);
    look();
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);
  return isAtTop;
}
