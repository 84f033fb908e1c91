import type { Grant } from '#core/auth/grants.ts';
import type { z } from 'zod';
import type {
  ChangePauseOfAll,
  EverythingPaused,
  EverythingResumed,
  PauseEverything,
  ResumeEverything,
} from '#core/installation/pause-everything.ts';
import type { SetUpActions } from '#components/sign-in/second-factor-setup.tsx';
import type { TwoPersonRule } from '#core/proposals/two-person-rule.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Invited } from '#core/users/invitations.ts';

type Action<Input, Value> = (input: Input) => Promise<Outcome<Value>>;

/** The server actions that the pages hand down. */
export type AccountActions = {
  changePassword: Action<{ current: string; next: string }, null>;
  endSession: Action<{ sessionId: string }, null>;
  signOutEverywhere: () => Promise<Outcome<unknown>>;
  secondFactor: SetUpActions & {
    renew: Action<{ password: string; code: string }, { recoveryCodes: string[] }>;
    remove: Action<{ password: string; code: string }, null>;
  };
};

/** A one-time link that was just made, and whose it is; null for an invitation. */
export type MadeLink = {
  link: string;
  expiresAt: string;
  name: string | null;
  /** Why it didn't go out by mail, where it was to. */
  mailProblem?: string | null;
};

export type PeopleActions = {
  invite: Action<{ grants: Grant[]; email: string | null }, Invited>;
  revokeInvitation: Action<{ id: number }, null>;
  changeGrants: Action<{ userId: string; grants: Grant[] }, null>;
  switchOff: Action<{ userId: string }, null>;
  switchOn: Action<{ userId: string }, null>;
  makePasswordLink: Action<{ userId: string }, { link: string; expiresAt: string }>;
  endSessions: Action<{ userId: string; sessionId: string | null }, { ended: number }>;
  takeSecondFactor: Action<{ userId: string }, null>;
  requireSecondFactor: Action<{ isRequired: boolean }, null>;
};

export type InstallationActions = {
  changeRetention: Action<{ retentionDays: number }, { retentionDays: number }>;
  changeTwoPersons: Action<{ labels: TwoPersonRule }, { labels: TwoPersonRule }>;
  pauseEverything: Action<z.input<typeof PauseEverything>, EverythingPaused>;
  changePauseEnd: Action<z.input<typeof ChangePauseOfAll>, { until: string | null }>;
  resumeEverything: Action<z.input<typeof ResumeEverything>, EverythingResumed>;
  addSamples: () => Promise<Outcome<{ jobIds: number[] }>>;
  removeSamples: () => Promise<Outcome<{ jobIds: number[] }>>;
};
