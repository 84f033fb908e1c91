/** What becomes of the ticks that passed while nobody planned. */
export const CATCH_UP_RULES = ['latest', 'all', 'none'] as const;

export interface CatchUp {
  /** `latest` and `none` say how many run; under `all` the latest `most` do. */
  readonly rule: (typeof CATCH_UP_RULES)[number];
  /** Under `all`: at most so many run, the others stand in a gap. */
  readonly most: number;
  /** Under `all`: so many become due in a minute, so that they don't crowd out what is due now. */
  readonly perMinute: number;
}
