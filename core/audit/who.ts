import type { Actor } from '../auth/permissions.ts';

/** Who did it, as an entry says it. */
export function whoOf(actor: Actor): {
  actor: string;
  actorId: string | null;
  address: string | null;
} {
  const isPerson = actor.kind === 'user';
  return {
    actor: actor.name,
    actorId: isPerson ? actor.id : null,
    address: isPerson ? actor.address : null,
  };
}
