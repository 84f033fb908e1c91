import { done, type Outcome } from '../outcome.ts';
import { type InvitationOffer, readInvitation } from './invitations.ts';
import { type PasswordOffer, readPasswordLink } from './password-links.ts';

/** What a one-time link is for: an account of one's own, or a new password for it. */
export type LinkOffer =
  ({ purpose: 'account' } & InvitationOffer) | ({ purpose: 'password' } & PasswordOffer);

export async function readLink(token: string): Promise<Outcome<LinkOffer>> {
  const password = await readPasswordLink(token);
  if (password?.ok) return done({ purpose: 'password', ...password.value });
  if (password) return password;
  const invitation = await readInvitation(token);
  return invitation.ok ? done({ purpose: 'account', ...invitation.value }) : invitation;
}
