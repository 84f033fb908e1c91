/**
 * Keeps what somebody does before the page has come to life. Until React has taken an element over, a click on it is
 * lost, and a form is sent as browsers send it: with what was typed in the address. This stands before the page and
 * holds both back until then.
 */
export function EarlyActs({ nonce }: { nonce: string | undefined }) {
  // Browsers hide a nonce once they have read it, so that it never agrees.
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {`(${String(holdEarlyActs)})()`}
    </script>
  );
}

/** Runs in the browser by its text alone: it may name nothing outside of itself. */
function holdEarlyActs() {
  const LONGEST_MS = 20_000;
  const AGAIN_MS = 20;
  let held: { on: HTMLElement; atMs: number; carryOut: () => void } | null = null;

  // React keeps what it knows of an element under a key of this name.
  const isAlive = (element: Element) =>
    Object.keys(element).some((key) => key.startsWith('__reactProps$'));

  const look = () => {
    if (held === null) return;
    const { on, atMs, carryOut } = held;
    if (on.isConnected && !isAlive(on) && performance.now() - atMs < LONGEST_MS) {
      setTimeout(look, AGAIN_MS);
      return;
    }
    held = null;
    if (isAlive(on)) carryOut();
  };

  // Of several acts the last counts: whoever presses again means the same.
  const hold = (event: Event, on: HTMLElement, carryOut: () => void) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const isLooking = held !== null;
    held = { on, atMs: performance.now(), carryOut };
    if (!isLooking) look();
  };

  document.addEventListener(
    'click',
    (event) => {
      const button = event.target instanceof Element ? event.target.closest('button') : null;
      // One that sends a form is followed by that event.
      if (!button || isAlive(button) || (button.form && button.type === 'submit')) return;
      hold(event, button, () => {
        // Menus open as they are pressed.
        button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, cancelable: true }));
        button.click();
      });
    },
    true,
  );
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || isAlive(form)) return;
      const { submitter } = event;
      hold(event, form, () => form.requestSubmit(submitter));
    },
    true,
  );
}
