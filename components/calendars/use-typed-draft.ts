'use client';

import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { TypedCalendar } from './typed-calendar.ts';

const PAUSE_MS = 400;
// Raised when the form's shape changes: an older draft can't be put into it.
const VERSION = 1;

/** Keeps what is typed in this browser while it isn't saved, and brings it back when the form is opened again. */
export function useTypedDraft({
  name,
  typed,
  basedOn,
  isChanged,
  onFound,
}: {
  name: string;
  typed: TypedCalendar;
  /** The revision that is edited; a draft of an older one is dropped. */
  basedOn: number | null;
  isChanged: boolean;
  onFound: (typed: TypedCalendar) => void;
}) {
  const key = `punctual.calendar.${name}`;
  const isOver = useRef(false);
  const [isTaken, setIsTaken] = useState(false);

  const look = useEffectEvent(() => {
    const found = read(key);
    if (!found || found.basedOn !== basedOn || isChanged) return;
    onFound(found.typed);
    setIsTaken(true);
  });
  useEffect(() => look(), []);

  useEffect(() => {
    if (!isChanged || isOver.current) return;
    const keep = () => {
      if (!isOver.current) write(key, { version: VERSION, basedOn, typed });
    };
    const timer = setTimeout(keep, PAUSE_MS);
    // The tab may be closed between a key and the pause after it.
    window.addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', keep);
    };
  }, [key, typed, basedOn, isChanged]);

  const remove = () => {
    setIsTaken(false);
    write(key, null);
  };
  return {
    isTaken,
    forget: remove,
    /** Throws it away and keeps no other: it was saved, or given up. */
    end: () => {
      isOver.current = true;
      remove();
    },
  };
}

type Draft = { version: number; basedOn: number | null; typed: TypedCalendar };

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Draft> | null;
    return draft?.version === VERSION && draft.typed ? (draft as Draft) : null;
  } catch {
    return null;
  }
}

/** A browser may keep nothing (private windows, a full store): what is typed then lives in this tab alone. */
function write(key: string, draft: Draft | null): void {
  try {
    if (draft === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Nothing to do about it.
  }
}
