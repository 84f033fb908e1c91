'use client';

import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { JobDefinition } from '#core/jobs/definition.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { draftStore, type Draft } from './editor-draft.ts';
import type { EditorForm } from './editor-form.ts';

const PAUSE_MS = 400;

/**
 * Keeps what is typed in this browser while it isn't saved, and offers what was left from before.
 * @param isChanged whether a form differs from what is saved; only then there is something to keep
 */
export function useDraft({
  userId,
  job,
  form,
  basedOn,
  isChanged,
}: {
  userId: string;
  job: number | 'new';
  form: UseFormReturn<EditorForm, unknown, JobDefinition>;
  basedOn: Draft['basedOn'];
  isChanged: (form: EditorForm) => boolean;
}) {
  const clock = useClock();
  const [store] = useState(() => draftStore(userId, job));
  const [found, setFound] = useState<Draft | null>(null);
  const [isKept, setIsKept] = useState(true);
  const isOver = useRef(false);

  const look = useEffectEvent(() => {
    // What is being typed is newer than what was kept of it.
    if (!isChanged(form.getValues())) setFound(store.read(new Date(clock.now())));
  });
  useEffect(() => look(), []);

  const keep = useEffectEvent(() => {
    if (isOver.current) return;
    const values = form.getValues();
    if (isChanged(values)) {
      const savedAt = new Date(clock.now()).toISOString();
      setIsKept(store.write({ savedAt, basedOn, form: values }));
      setFound(null);
    } else if (found === null) {
      // What was found stays until the person has said what to do with it.
      store.remove();
    }
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keepNow = () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      keep();
    };
    const unsubscribe = form.subscribe({
      formState: { values: true },
      callback: () => {
        clearTimeout(timer);
        timer = setTimeout(keepNow, PAUSE_MS);
      },
    });
    // The tab may be closed between a key and the pause after it.
    window.addEventListener('pagehide', keepNow);
    return () => {
      keepNow();
      unsubscribe();
      window.removeEventListener('pagehide', keepNow);
    };
  }, [form]);

  return {
    /** A draft from before, until it is taken, thrown away, or typed over. */
    found,
    /** False where the browser keeps nothing: what is typed then lives in this tab alone. */
    isKept,
    /** Throws the draft away; typing begins a new one. */
    forget: () => {
      store.remove();
      setFound(null);
    },
    /** Throws the draft away and keeps no other: it was saved. */
    end: () => {
      isOver.current = true;
      store.remove();
      setFound(null);
    },
    dismiss: () => setFound(null),
  };
}
