'use client';

import { type RefObject, useEffect, useState } from 'react';

export type LogFrame = {
  /** The log takes the whole window. */
  isFilling: boolean;
  setFilling: (isFilling: boolean) => void;
  /** For the section: the log reaches down to the window's end, and is never lower than a good part of it. */
  style: { '--log-top': string };
};

// What stands above the log before it is measured.
const FIRST_TOP_PX = 420;

/** How high the log is: what the window leaves below the page's head, or all of it. Escape ends the latter. */
export function useLogFrame(section: RefObject<HTMLElement | null>): LogFrame {
  const [isFilling, setFilling] = useState(false);
  const [top, setTop] = useState(FIRST_TOP_PX);

  useEffect(() => {
    const page = section.current?.parentElement;
    if (!page || isFilling) return;
    const measure = () => {
      const at = section.current?.getBoundingClientRect().top ?? 0;
      setTop(Math.round(at + window.scrollY));
    };
    measure();
    // Attempts and facts that come in move the log down.
    const observer = new ResizeObserver(measure);
    observer.observe(page);
    return () => observer.disconnect();
  }, [section, isFilling]);

  useEffect(() => {
    if (!isFilling) return;
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) setFilling(false);
    };
    const { overflow } = document.documentElement.style;
    document.documentElement.style.overflow = 'hidden';
    window.addEventListener('keydown', leave);
    return () => {
      document.documentElement.style.overflow = overflow;
      window.removeEventListener('keydown', leave);
    };
  }, [isFilling]);

  return { isFilling, setFilling, style: { '--log-top': `${top}px` } };
}
