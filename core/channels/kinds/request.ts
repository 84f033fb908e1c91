/** A request as a channel's kind makes it. Its address may be secret. */
export type ChannelRequest = {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string;
};

/** What the other side answered. */
export type ChannelReply = { status: number; body: string };

/** Null: it took the message. A sentence: it didn't, whatever its status says. */
export type Complaint = string | null;

export function postJson(url: URL, body: unknown): ChannelRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

/** The answer as JSON; null where it is none. */
export function jsonOf(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Robots answer 200 whatever happened, with a code of their own: only 0 means that it was taken. */
export function complaintByCode(
  { body }: ChannelReply,
  names: { code: string; text: string },
): Complaint {
  const answer = jsonOf(body);
  const code = answer?.[names.code];
  if (code === 0) return null;
  if (typeof code !== 'number') return 'the answer isn’t one of this robot: is the address right?';
  const text = answer?.[names.text];
  return `the robot refused it with ${code}${typeof text === 'string' ? `: ${text}` : ''}`;
}
