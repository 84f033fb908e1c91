/** What a webhook's body may name as {{…}}; anything else in braces is its own text. */
export const PLACEHOLDERS = [
  'event',
  'title',
  'text',
  'job',
  'owner',
  'cause',
  'since',
  'until',
  'times',
  'missed',
  'next_step',
  'url',
  'run',
  'incident',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];
