import type { JobColumn } from './job-list-address.ts';

/**
 * The width of each column, and from which width of the window on it shows: the rail and the margins take 280 px.
 * The job itself takes what is left.
 */
export const columnLook: Readonly<Record<JobColumn, string>> = {
  bars: 'desk:w-[196px]',
  median: 'desk:w-[88px] min-[75rem]:w-[158px]',
  next: 'desk:w-[168px] min-[75rem]:w-[196px]',
  schedule: 'desk:w-[116px] min-[75rem]:w-[150px]',
  queue: 'desk:w-[96px] max-[75rem]:hidden',
  labels: 'desk:w-[92px] max-[82rem]:hidden',
  owner: 'desk:w-[110px] max-[75rem]:hidden',
  kind: 'desk:w-[110px] max-[75rem]:hidden',
};
