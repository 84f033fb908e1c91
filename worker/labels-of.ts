/** Labels as the environment lists them: key=value. */
export function labelsOf(listed: readonly string[]): Record<string, string> {
  return Object.fromEntries(listed.map(labelOf));
}

function labelOf(label: string): [string, string] {
  const at = label.indexOf('=');
  return [label.slice(0, at).trim(), label.slice(at + 1).trim()];
}
