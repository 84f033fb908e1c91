import type { Measure } from './measure.ts';
import { commands } from './measures/commands.ts';
import { drain } from './measures/drain.ts';
import { fan } from './measures/fan.ts';
import { growth } from './measures/growth.ts';
import { idle } from './measures/idle.ts';
import { lag, lagOverSecond } from './measures/lag.ts';
import { limits } from './measures/limits.ts';
import { logs } from './measures/logs.ts';
import { memory } from './measures/memory.ts';
import { mixed } from './measures/mixed.ts';
import { plan } from './measures/plan.ts';
import { screen } from './measures/screen.ts';
import { space } from './measures/space.ts';
import { start } from './measures/start.ts';

/** The rows of the table, in its order. */
export const measures = (options: { isQuick: boolean }): readonly Measure[] => [
  drain(1),
  drain(2),
  start,
  lag(1),
  lag(100),
  lag(10_000),
  lagOverSecond(10_000),
  plan,
  limits,
  growth(options),
  space,
  logs(1),
  logs(50),
  screen,
  fan,
  memory,
  commands,
  idle(options.isQuick ? 1 : 5),
  mixed(options),
];
