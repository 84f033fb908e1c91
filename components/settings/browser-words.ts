export type BrowserName = { browser: string; system: string };

// Order matters: Edge and Opera call themselves Chrome too, Chrome calls itself Safari, Android calls itself Linux.
const BROWSERS = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['HeadlessChrome/', 'Headless Chrome'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
  ['curl/', 'curl'],
] as const;
const SYSTEMS = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** What a user agent says of itself, in the two words by which a person knows it; null when it says neither. */
export function browserOf(userAgent: string | null): BrowserName | null {
  const said = userAgent ?? '';
  const browser = BROWSERS.find(([mark]) => said.includes(mark))?.[1];
  const system = SYSTEMS.find(([mark]) => said.includes(mark))?.[1];
  return browser && system ? { browser, system } : null;
}
