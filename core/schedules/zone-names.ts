/**
 * Why a time zone's name can't be used, as a sentence with the nearest name; null when it can. Croner would find out
 * only at the first fire, and Intl takes names that mean one zone to ICU and another to people (BST is Bangladesh).
 */
export function checkTimeZone(name: string): string | null {
  if (found.has(name)) return null;
  const problem = problemWith(name);
  if (problem === null && found.size < MOST_FOUND) found.add(name);
  return problem;
}

// Every schedule that is read asks for its zone, and Intl takes 0.1 ms over one.
const found = new Set<string>();
const MOST_FOUND = 1_000;

function problemWith(name: string): string | null {
  if (name === '') return 'Choose a time zone, for example UTC or Europe/Berlin.';
  if (/^[+-]|^(utc|gmt)[+-]/i.test(name)) {
    return `The time zone "${name}" is an offset. Use the name of a place, such as Europe/Berlin, or UTC.`;
  }
  if (/^[A-Z]{3,4}$/i.test(name) && !PLAIN_NAMES.has(name)) {
    const upper = name.toUpperCase();
    if (PLAIN_NAMES.has(upper)) return `The time zone "${name}" is written "${upper}".`;
    if (!isKnownToIntl(name) || /^[A-Z]{3}$/.test(upper)) return unknownZone(name);
  }
  if (!isKnownToIntl(name) || name.startsWith('SystemV/')) return unknownZone(name);
  const written = zoneNames().find((zone) => zone.toLowerCase() === name.toLowerCase());
  if (written !== undefined && written !== name) {
    return `The time zone "${name}" is written "${written}".`;
  }
  return null;
}

/** All names that the editor offers, `UTC` first. */
export function zoneNames(): readonly string[] {
  offered ??= ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
  return offered;
}

let offered: readonly string[] | undefined;

/** Names without a place that IANA defines; other short ones are read differently by everyone. */
const PLAIN_NAMES = new Set(
  'UTC GMT UCT WET CET MET EET EST MST HST PRC ROC ROK NZ GB Cuba Eire Iran Zulu'.split(' '),
);

function isKnownToIntl(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function unknownZone(name: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
  const nearest = nearestZone(name);
  const step =
    nearest === null
      ? 'Use a name such as Europe/Berlin or America/New_York.'
      : `Did you mean "${nearest}"?`;
  return `The time zone "${shown}" is not known. ${step}`;
}

/** The zone whose name, or whose city, is the fewest changes of a letter away; null when none is near. */
function nearestZone(name: string): string | null {
  const wanted = plain(name.slice(0, 60));
  let best: string | null = null;
  let fewest = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  if (wanted.length < 4) return null;
  for (const zone of zoneNames()) {
    const city = zone.slice(zone.lastIndexOf('/') + 1);
    const cityWanted = wanted.slice(wanted.lastIndexOf('/') + 1);
    const changes = Math.min(
      changesBetween(wanted, plain(zone)),
      // The right city under the wrong continent loses against a slip of the pen.
      changesBetween(cityWanted, plain(city)) + (wanted.includes('/') ? 0.5 : 0),
    );
    if (changes < fewest) {
      fewest = changes;
      best = zone;
    }
  }
  return best;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '_');
}

/** Levenshtein's distance. */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
