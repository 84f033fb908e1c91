/**
 * A Retry-After header (RFC 9110, 10.2.3) as milliseconds from `now`: a number of seconds, or a date in one of the three
 * forms that HTTP knows. Undefined when there is none or it can't be read; a date in the past is 0.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  // Date.parse takes much more than HTTP's dates; all of those begin with the day's name.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  // The asctime form names no zone; HTTP's dates are UTC.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
