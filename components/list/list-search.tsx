'use client';

import { useEffect, useRef, useState } from 'react';
import { SearchInput } from '#components/ui/input.tsx';

export type ListSearchProps = {
  label: string;
  /** What the address says. */
  text: string;
  onText: (text: string) => void;
  /** How long one pauses. */
  pauseMs: number;
};

/** Searches a list: what is typed reaches the address when one pauses; the field itself never waits. */
export function ListSearch({ label, text, onText, pauseMs }: ListSearchProps) {
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Back, or "Clear", changed it from outside.
  if (known !== text) {
    setKnown(text);
    if (text !== typed.trim()) setTyped(text);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const take = (next: string) => {
    clearTimeout(timer.current);
    if (next.trim() !== text) onText(next.trim());
  };
  return (
    <SearchInput
      label={label}
      value={typed}
      maxLength={200}
      onChange={(event) => {
        const { value } = event.target;
        setTyped(value);
        clearTimeout(timer.current);
        timer.current = setTimeout(take, pauseMs, value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(typed);
        if (event.key !== 'Escape') return;
        if (typed === '') event.currentTarget.blur();
        setTyped('');
        take('');
      }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
