import { headers } from 'next/headers';
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { checkWrite } from '#core/auth/origin.ts';
import type { Actor } from '#core/auth/permissions.ts';
import type { SignedIn } from '#core/auth/sessions.ts';
import { environment } from '#core/environment.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { refuseInvalid } from '#core/refuse-invalid.ts';
import { refuseUnstorable } from '#core/storable.ts';
import { enteringSession, sessionFromRequest } from '../session.ts';
import { refusalOf } from './refusal-of.ts';

/** What a server action answers; it never throws to the browser. */
export type ActionResult<Value> = Outcome<Value>;

type UserActor = Extract<Actor, { kind: 'user' }>;

/**
 * The one shape of a server action: origin, session, schema, use-case. The use-case authorises.
 *
 *     export const pauseJobs = defineAction(PauseJobs, (input, actor) => jobs.pauseJobs(actor, input));
 */
export function defineAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  carryOut: CarryOut<Schema, Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return actionOf(sessionFromRequest, schema, carryOut);
}

/** The same for setting up a second factor, which somebody must do before they may do anything else. */
export function defineEnteringAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  carryOut: CarryOut<Schema, Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return actionOf(enteringSession, schema, carryOut);
}

type CarryOut<Schema extends z.ZodType, Value> = (
  input: z.output<Schema>,
  actor: UserActor,
  session: SignedIn,
  /** Where the person reaches the console, for links that are sent. */
  consoleAt: string,
) => Promise<Outcome<Value>> | Outcome<Value>;

function actionOf<Schema extends z.ZodType, Value>(
  readSession: () => Promise<SignedIn | null>,
  schema: Schema,
  carryOut: CarryOut<Schema, Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return async (input) => {
    try {
      const origin = checkWrite(await headers(), environment().PUNCTUAL_URL);
      if (!origin.ok) return refuse('not_allowed', origin.message);
      const session = await readSession();
      if (!session) return refuse('signed_out', SIGNED_OUT);
      const unstorable = refuseUnstorable(input);
      if (unstorable) return unstorable;
      const parsed = schema.safeParse(input);
      if (!parsed.success) return refuseInvalid(parsed.error);
      return await carryOut(parsed.data, session.actor, session, origin.origin);
    } catch (error) {
      unstable_rethrow(error);
      return refusalOf(error);
    }
  };
}

/** For the few actions that need no session: signing in and accepting an invitation. */
export function defineOpenAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  carryOut: (input: z.output<Schema>, request: OpenRequest) => Promise<Outcome<Value>>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return async (input) => {
    try {
      const given = await headers();
      const check = checkWrite(given, environment().PUNCTUAL_URL);
      if (!check.ok) return refuse('not_allowed', check.message);
      const unstorable = refuseUnstorable(input);
      if (unstorable) return unstorable;
      const parsed = schema.safeParse(input);
      if (!parsed.success) return refuseInvalid(parsed.error);
      return await carryOut(parsed.data, { headers: new Headers(given), origin: check.origin });
    } catch (error) {
      unstable_rethrow(error);
      return refusalOf(error);
    }
  };
}

export type OpenRequest = { headers: Headers; origin: string };

const SIGNED_OUT = 'You are signed out. Sign in again: what you typed stays here.';
