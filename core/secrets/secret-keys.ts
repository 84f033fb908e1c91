const KEY_BYTES = 32;

/** Keys as PUNCTUAL_SECRET_KEY lists them; null where one of them is none. */
export function readKeys(text: string): Buffer[] | null {
  const keys = text
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .map(keyOf);
  return keys.every((key) => key !== null) ? keys : null;
}

function keyOf(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return strong(Buffer.from(text, 'hex'));
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  return strong(Buffer.from(text, 'base64'));
}

// What somebody typed as an example, not what a source of chance gave.
function strong(key: Buffer): Buffer | null {
  return key.length === KEY_BYTES && new Set(key).size > KEY_BYTES / 4 ? key : null;
}
