/** What an operator would want to know before saving; it keeps nobody from saving. Values are in ms, or ISO 8601. */
export type Warning =
  | {
      key: 'ends_trial';
      /** The revision that is on trial. */
      revision: number;
    }
  | {
      key: 'never_fires';
    }
  | {
      key: 'only_leap_day';
      /** The next one. */
      at: string;
    }
  | {
      key: 'missing_hour';
      /** What becomes of it, by the schedule's rule for clock changes. */
      rule: 'end' | 'skip' | 'shift';
      /** "02:30" */
      wall: string;
      /** The days on which it isn't there: "2027-03-28". */
      days: string[];
    }
  | {
      key: 'slower_than_interval';
      longMs: number;
      everyMs: number;
      overlap: 'skip' | 'queue_one' | 'queue_all' | 'cancel_previous' | 'allow';
      /** The shortest round interval that would do. */
      enoughMs: number;
    }
  | {
      key: 'collides';
      queue: string;
      slots: number;
      /** The minute that is worst. */
      at: string;
      /** Other jobs of the queue that start in it. */
      jobs: number;
      named: string[];
      /** Minute of the hour, by the schedule's clock, in which fewest start; null where moving one minute doesn't help. */
      minute: number | null;
      jobsThen: number;
    }
  | {
      key: 'over_capacity';
      queue: string;
      slots: number;
      /** Begin of the busiest hour. */
      at: string;
      /** Time that runs need in that hour, its own included, and what the slots have. */
      neededMs: number;
      haveMs: number;
      ownMs: number;
      isAssumed: boolean;
      /** The hour in which most is free; null where none has room. */
      roomAt: string | null;
    }
  | {
      key: 'many_rows';
      rowsADay: number;
      keptDays: number;
      /** As many as are kept at once. */
      rows: number;
    };
