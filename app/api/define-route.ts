import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { checkWrite } from '#core/auth/origin.ts';
import type { Actor } from '#core/auth/permissions.ts';
import { type SignedIn, signedIn } from '#core/auth/sessions.ts';
import { environment } from '#core/environment.ts';
import { type Outcome, refuse, type Refusal, type Refused } from '#core/outcome.ts';
import { refuseInvalid } from '#core/refuse-invalid.ts';
import { refuseUnstorable } from '#core/storable.ts';
import { refusalOf } from '../actions/refusal-of.ts';

type UserActor = Extract<Actor, { kind: 'user' }>;
type RouteContext = { params: Promise<Record<string, string | string[]>> };

/**
 * The one shape of a route handler: session, schema over query and path parameters, use-case, answer as JSON.
 * What is asked with more than an address holds comes as the fields of a JSON body (POST). A query parameter that
 * stands several times is a list. `answer` may give a Response of its own (a download).
 */
export function defineRoute<Schema extends z.ZodType>(
  schema: Schema,
  answer: (
    input: z.output<Schema>,
    actor: UserActor,
    request: Request,
    session: SignedIn,
  ) => Promise<Outcome<unknown> | Response>,
): (request: Request, context: RouteContext) => Promise<Response> {
  return async (request, context) => {
    try {
      const refused = checkRequest(request);
      if (refused) return refusalResponse(refused);
      // Reads are mostly made by the page itself, when something changed: they don't keep a session alive.
      const session = await signedIn(request.headers, { isActivity: false });
      if (!session)
        return refusalResponse(refuse('signed_out', 'You are signed out. Sign in again.'));
      const given = {
        ...fromQuery(new URL(request.url).searchParams),
        ...(request.method === 'POST' ? await fromBody(request) : {}),
        ...(await context.params),
      };
      const unstorable = refuseUnstorable(given);
      if (unstorable) return refusalResponse(unstorable);
      const parsed = schema.safeParse(given);
      if (!parsed.success) return refusalResponse(refuseInvalid(parsed.error));
      const outcome = await answer(parsed.data, session.actor, request, session);
      if (outcome instanceof Response) return outcome;
      return outcome.ok ? json(outcome.value, 200) : refusalResponse(outcome);
    } catch (error) {
      unstable_rethrow(error);
      return refusalResponse(refusalOf(error));
    }
  };
}

function checkRequest(request: Request): Refused | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const check = checkWrite(request.headers, environment().PUNCTUAL_URL);
    return check.ok ? null : refuse('not_allowed', check.message);
  }
  const site = request.headers.get('sec-fetch-site');
  return site === 'cross-site' && request.headers.get('sec-fetch-mode') !== 'navigate'
    ? refuse('not_allowed', 'This request came from another site.')
    : null;
}

function fromQuery(query: URLSearchParams): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const name of new Set(query.keys())) {
    const all = query.getAll(name);
    values[name] = all.length === 1 ? all[0]! : all;
  }
  return values;
}

const MOST_LETTERS = 4_000_000;

/** The fields of the body; none where it is no JSON object, which the schema then refuses. */
async function fromBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text.length > MOST_LETTERS) return {};
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

const STATUS: Readonly<Record<Refusal['code'], number>> = {
  signed_out: 401,
  not_allowed: 403,
  not_found: 404,
  invalid: 400,
  conflict: 409,
  unavailable: 503,
  unexpected: 500,
};

function refusalResponse({ refusal }: Refused): Response {
  return json({ refusal }, STATUS[refusal.code]);
}

function json(body: unknown, status: number): Response {
  return Response.json(body, {
    status,
    headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });
}
