'use client';

import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { tips, type Tip } from './tip-store.ts';

const GAP = 6;
const EDGE = 8;
const TIP_ID = 'tip';

/** Where the page's one tip appears. Stands once, in the root of the page. */
export function TipHost() {
  const tip = useSyncExternalStore(tips.subscribe, tips.current, () => null);
  useEffect(() => {
    if (!tip) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') tips.hide();
    };
    // A mark that scrolled away has left its words behind.
    document.addEventListener('scroll', tips.hide, { capture: true, passive: true });
    document.addEventListener('keydown', onKeyDown, { capture: true });
    document.addEventListener('pointerdown', tips.hide, { capture: true });
    return () => {
      document.removeEventListener('scroll', tips.hide, { capture: true });
      document.removeEventListener('keydown', onKeyDown, { capture: true });
      document.removeEventListener('pointerdown', tips.hide, { capture: true });
    };
  }, [tip]);
  if (!tip) return null;
  // Inside the landmark of its mark; what floats in front of the page stands in the body.
  return createPortal(<TipFloat tip={tip} />, tip.anchor.closest('main') ?? document.body);
}

function TipFloat({ tip }: { tip: Tip }) {
  const float = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (float.current) placeBeside(float.current, tip);
    const before = tip.anchor.getAttribute('aria-describedby');
    tip.anchor.setAttribute('aria-describedby', before ? `${before} ${TIP_ID}` : TIP_ID);
    return () => {
      if (before) tip.anchor.setAttribute('aria-describedby', before);
      else tip.anchor.removeAttribute('aria-describedby');
    };
  }, [tip]);
  return (
    <div
      ref={float}
      id={TIP_ID}
      role="tooltip"
      onPointerEnter={tips.stay}
      onPointerLeave={tips.leave}
      className="fixed top-0 left-0 z-50 max-w-80 rounded-box border border-line-strong bg-float px-2.5 py-1.5 text-meta text-pretty text-ink shadow-float"
    >
      {tip.content}
    </div>
  );
}

/** Over the mark's middle, or under it where there is no room; never past the edge of the window. */
function placeBeside(float: HTMLElement, { anchor, side }: Tip): void {
  const mark = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = float;
  const above = mark.top - GAP - height;
  const below = mark.bottom + GAP;
  const hasRoomBelow = below + height <= window.innerHeight - EDGE;
  const top = side === 'bottom' && hasRoomBelow ? below : above >= EDGE ? above : below;
  const middle = mark.left + mark.width / 2 - width / 2;
  const left = Math.max(
    EDGE,
    Math.min(middle, document.documentElement.clientWidth - EDGE - width),
  );
  float.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
