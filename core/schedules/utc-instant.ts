/** Whether it is an instant in UTC as ISO 8601 writes it, on a day that there is: `2026-01-01T09:00:00Z`. */
export function isUtcInstant(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text)) return false;
  const ms = Date.parse(text);
  // Date.parse reads 30 February as 1 March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text.slice(0, 10);
}
