'use client';

import { useSearchParams } from 'next/navigation';
import { createLoader, createSerializer, type inferParserType, type ParserMap } from 'nuqs/server';
import { useEffect, useMemo, useSyncExternalStore } from 'react';

type State<Parsers extends ParserMap> = inferParserType<Parsers>;
type Change<Parsers extends ParserMap> = Partial<{
  [Name in keyof State<Parsers>]: State<Parsers>[Name] | null;
}>;
type Step = 'push' | 'replace';

/**
 * Makes the hook of a page that keeps what it shows in its address: `const [address, change] = useJobListAddress()`.
 * A change is made at once, without asking the server; what is null, or as it is by default, leaves the address.
 * The hook that nuqs brings for this holds changes back and joins them, for 6 kB (gzip): here each is one act.
 * @param usualStep whether a change is a step that "back" takes back; a single change may be the other
 */
export function addressHook<Parsers extends ParserMap>(parsers: Parsers, usualStep: Step) {
  const read = createLoader(parsers);
  const write = createSerializer(parsers);
  const change = (next: Change<Parsers>, step: Step = usualStep) => {
    // From the address itself: of two changes before the next render neither is lost.
    const { pathname, search, hash } = window.location;
    const address = write(`${pathname}${search}`, next) + hash;
    if (address === `${pathname}${search}${hash}`) return;
    if (step === 'push') window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
    setAhead(searchNow());
  };
  return function useAddress() {
    const followed = useSearchParams().toString();
    const search = useSyncExternalStore(subscribe, readAhead, noneAhead) ?? followed;
    useEffect(() => {
      if (ahead !== null && (followed === ahead || searchNow() !== ahead)) setAhead(null);
    }, [followed]);
    return [useMemo(() => read(new URLSearchParams(search)), [search]), change] as const;
  };
}

// Next follows a change when it finds the time. Until then a page shows what the address says already: who presses a key
// five times takes five steps, however busy the browser is.
let ahead: string | null = null;
const listeners = new Set<() => void>();

function setAhead(search: string | null): void {
  ahead = search;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    // The page that was ahead is gone; the next one has an address of its own.
    if (listeners.size === 0) ahead = null;
  };
}

const readAhead = () => ahead;
const noneAhead = () => null;
const searchNow = () => new URLSearchParams(window.location.search).toString();
