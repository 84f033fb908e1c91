const COMPLAINT =
  /error|fatal|exception|panic|traceback|denied|refused|failed|failure|cannot|can't|unable|not found|no such|no space|disk full|timed out|timeout|abort|killed|invalid|missing/i;
const NO_COMPLAINT = /\b(?:0|no) (?:errors?|failures?|failed)\b/i;
/** A frame of a stack trace, or the version that Node prints under one. */
const TRAILER = /^\s*at |^\s+File "|^Node\.js v\d/;

/** Whether a line of a log reads as if it said what went wrong. Plain words, checked in linear time. */
export function complains(text: string): boolean {
  return COMPLAINT.test(text) && !NO_COMPLAINT.test(text) && !isTrailer(text);
}

/** Whether a line only accompanies the one that says what went wrong. */
export function isTrailer(text: string): boolean {
  return TRAILER.test(text);
}
