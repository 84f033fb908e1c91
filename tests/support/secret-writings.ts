/** Everything that a careless eye, or a decoder, would read the secret from. */
export function writingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    ...new Set([
      secret,
      json,
      JSON.stringify(json).slice(1, -1),
      encodeURIComponent(secret),
      encodeURIComponent(secret).replaceAll('%20', '+'),
      [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
      bytes.toString('hex'),
      ...[0, 1, 2].map((before) => coreOfBase64(bytes, before)),
    ]),
  ];
}

/** What base64 makes of it alone, with so many bytes before it. */
function coreOfBase64(bytes: Buffer, before: number): string {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return whole.slice(Math.ceil((8 * before) / 6), Math.floor((8 * (before + bytes.length)) / 6));
}

/** Which of its writings stand in a text, in whatever case and base64 alphabet. */
export function foundIn(text: string, secret: string): string[] {
  const plain = [text, text.replaceAll('-', '+').replaceAll('_', '/'), text.toLowerCase()];
  return writingsOf(secret).filter((writing) =>
    plain.some((each) => each.includes(writing) || each.includes(writing.toLowerCase())),
  );
}
