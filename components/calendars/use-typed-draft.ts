'use client';

import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { keptHere } from '#components/shell/kept-here.ts';
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
  const key = `calendar.${name}`;
  const isOver = useRef(false);
  const [isTaken, setIsTaken] = useState(false);

  const look = useEffectEvent(() => {
    const found = read(key);
    if (!found || found.basedOn !== basedOn || isChanged) return;
    onFound(found.typed);
    setIsTaken(true);
  });
  useEffect(() => look(), []);

  const keep = useEffectEvent((now: TypedCalendar) => {
    if (isOver.current) return;
    write(key, isChanged ? { version: VERSION, basedOn, typed: now } : null);
  });
  const leave = useEffectEvent(() => keep(typed));
  useEffect(() => {
    const timer = setTimeout(() => keep(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  // The page may be left, or the tab closed, between a key and the pause after it.
  useEffect(() => {
    const onLeave = () => leave();
    window.addEventListener('pagehide', onLeave);
    return () => {
      onLeave();
      window.removeEventListener('pagehide', onLeave);
    };
  }, []);

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
    const draft = JSON.parse(keptHere.read(key) ?? 'null') as Partial<Draft> | null;
    return draft?.version === VERSION && draft.typed ? (draft as Draft) : null;
  } catch {
    return null;
  }
}

function write(key: string, draft: Draft | null): void {
  if (draft === null) keptHere.remove(key);
  else keptHere.write(key, JSON.stringify(draft));
}
