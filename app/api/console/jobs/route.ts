import { z } from 'zod';
import type { ListJobs } from '#core/jobs/job-filters.ts';
import { listJobs } from '#core/jobs/reads.ts';
import { defineRoute } from '../../define-route.ts';

type Input = z.input<typeof ListJobs>;

// Parsed by the read itself. A label's value may hold a comma, so that one label is a list of one, not cut there.
const Query = z.preprocess(
  (query: Record<string, unknown>) => ({
    ...query,
    ...(typeof query['labels'] === 'string' && { labels: [query['labels']] }),
  }),
  z.custom<Input>(),
);

export const GET = defineRoute(Query, (input, actor) => listJobs(actor, input));
