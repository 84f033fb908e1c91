import { z } from 'zod';

/** A channel's name: what jobs, messages and files call it by. It never changes. */
export const ChannelKey = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/,
    'Use 1 to 64 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.',
  );
