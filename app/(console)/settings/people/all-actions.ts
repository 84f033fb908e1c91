import {
  changeGrants,
  endSessions,
  invite,
  makePasswordLink,
  requireSecondFactor,
  revokeInvitation,
  switchOff,
  switchOn,
  takeSecondFactor,
} from './actions.ts';

/** What the pages about people hand down. */
export const actions = {
  changeGrants,
  endSessions,
  invite,
  makePasswordLink,
  requireSecondFactor,
  revokeInvitation,
  switchOff,
  switchOn,
  takeSecondFactor,
};
