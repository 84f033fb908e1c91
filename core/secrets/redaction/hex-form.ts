import { code, hexSteps } from './text-form.ts';
import type { Move, Place, Places, Step } from './place.ts';

/** A value's bytes in hexadecimal digits of either case, as tools print them: in lines, or with something in between. */
export function hexForm(places: Places, value: string): Place {
  const bytes = Buffer.from(value, 'utf8');
  const made: Place[] = [];
  const digitsAt = (at: number): Move => places.way(hexSteps(bytes[at]!, 2), () => placeAt(at + 1));
  const placeAt = (at: number): Place =>
    (made[at] ??= places.make(
      () => {
        if (at === bytes.length) return [];
        if (at === 0) return [digitsAt(at)];
        const afterOne = places.make(() => [
          digitsAt(at),
          { bytes: BETWEEN, to: places.make(() => [digitsAt(at)]) },
        ]);
        return [digitsAt(at), { bytes: BETWEEN, to: afterOne }];
      },
      { isEnd: at === bytes.length, isFresh: at === 0 },
    ));
  return placeAt(0);
}

const BETWEEN: Step = [' ', ':', '-', '\n', '\r'].flatMap(code);
