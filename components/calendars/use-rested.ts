'use client';

import { useEffect, useState } from 'react';

const PAUSE_MS = 400;

/** A value as it was when it last rested for a moment: for questions to the server about what is being typed. */
export function useRested<Value>(value: Value, pauseMs = PAUSE_MS): Value {
  const text = JSON.stringify(value);
  const [rested, setRested] = useState({ text, value });
  useEffect(() => {
    if (text === rested.text) return;
    const timer = setTimeout(() => setRested({ text, value: JSON.parse(text) as Value }), pauseMs);
    return () => clearTimeout(timer);
  }, [text, rested.text, pauseMs]);
  return rested.value;
}
