import type { JobColumn } from './job-list-address.ts';

/**
 * The width of each column, and from which width of the window on it shows: the rail and the margins take 280 px.
 * The job itself takes what is left.
 */
export const columnLook: Readonly<Record<JobColumn, string>> = {
  bars: 'desk:max-[75rem]:w-[114px] min-[75rem]:w-[190px]',
  median: 'desk:max-[75rem]:w-[84px] min-[75rem]:w-[144px]',
  next: 'desk:max-[75rem]:w-[158px] min-[75rem]:w-[174px]',
  schedule: 'desk:max-[75rem]:w-[112px] min-[75rem]:w-[150px]',
  queue: 'desk:w-[88px] max-[75rem]:hidden',
  labels: 'desk:w-[84px] max-[82rem]:hidden',
  owner: 'desk:w-[110px] max-[75rem]:hidden',
  kind: 'desk:w-[110px] max-[75rem]:hidden',
};
