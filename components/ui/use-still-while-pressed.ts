'use client';

import { useState, useSyncExternalStore } from 'react';

/**
 * `value` as it was when the pointer went down, until the click has come that it makes: what appeared or went in between
 * would move the page, and the click would miss what it was meant for.
 */
export function useStillWhilePressed<Value>(value: Value): Value {
  const isPressed = useSyncExternalStore(subscribe, isDown, () => false);
  const [shown, setShown] = useState(value);
  if (!isPressed && !Object.is(shown, value)) setShown(value);
  return isPressed ? shown : value;
}

let down = false;
const listeners = new Set<() => void>();
const isDown = () => down;

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) listen('addEventListener');
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) listen('removeEventListener');
  };
}

// What opens outside the page (a list of choices, a menu) keeps the end of the press to itself: a key, or a pointer that
// moves without a button, says that it is over.
const ENDS = ['pointerup', 'pointercancel', 'pointermove', 'contextmenu', 'keydown'];

function listen(act: 'addEventListener' | 'removeEventListener'): void {
  document[act]('pointerdown', press, { capture: true });
  for (const end of ENDS) document[act](end, release, { capture: true });
}

function press(event: Event): void {
  if (event instanceof PointerEvent && event.button === 0) down = true;
}

function release(event: Event): void {
  if (!down) return;
  if (event.type === 'pointermove' && event instanceof PointerEvent && event.buttons > 0) return;
  // The click comes in the same task.
  setTimeout(() => {
    down = false;
    for (const listener of listeners) listener();
  });
}
