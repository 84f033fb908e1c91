// Tab is text; line breaks are gone when this is asked. Everything else below U+0020, DEL and the C1 controls could
// move a terminal's cursor, and NUL can't be stored.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
// eslint-disable-next-line no-control-regex
const CONTROL_OR_COLOUR = /\u001b\[[0-9;:]{0,40}m|[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001b\[[0-9;:]{0,40}m/g;
// eslint-disable-next-line no-control-regex
const OPEN_COLOUR = /\u001b(?:\[[0-9;:]{0,40})?$/;

export function hasControls(text: string): boolean {
  return CONTROL.test(text);
}

/**
 * Keeps tabs and colour codes (SGR, ECMA-48 8.3.117) and makes every other control character visible: ␀ for NUL, ␛ for
 * an escape that is no colour, U+FFFD for the C1 controls, which have no picture.
 */
export function withVisibleControls(text: string): string {
  if (!CONTROL.test(text)) return text;
  return text.replaceAll(CONTROL_OR_COLOUR, (found) => {
    if (found.length > 1) return found;
    const code = found.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** The text without its colour codes: for search, causes and plain downloads. */
export function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(COLOUR, '') : text;
}

/** Where a colour code begins that the end of the text cuts in two; the text's length if there is none. */
export function openColourAt(text: string): number {
  const last = text.lastIndexOf('\u001b');
  if (last < 0 || text.length - last > 42) return text.length;
  return OPEN_COLOUR.test(text.slice(last)) ? last : text.length;
}
