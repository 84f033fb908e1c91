import type { ForecastInput } from './model.ts';
import type { Simulated } from './simulate.ts';
import type { Starts } from './starts-ahead.ts';

/** What `forecastOf` reckoned on the way, for whoever asks about a part of it. */
export type Reckoned = {
  input: ForecastInput;
  starts: Starts;
  usual: Simulated;
  long: Simulated;
};
