import { redirect } from 'next/navigation';
import { AccountScreen } from '#components/settings/account-screen.tsx';
import { ownSecondFactor, ownSessions } from '#components/settings/settings-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { environment } from '#core/environment.ts';
import { readOwnSecondFactor } from '#core/users/own-second-factor.ts';
import { listOwnSessions } from '#core/users/own-sessions.ts';
import { sessionFromRequest } from '../../session.ts';
import { signOutEverywhere } from '../account-actions.ts';
import {
  beginOwnSecondFactor,
  confirmOwnSecondFactor,
} from '../../sign-in/second-factor/actions.ts';
import { changePassword, endSession, renewCodes, switchSecondFactorOff } from './actions.ts';

export default async function AccountPage() {
  const session = await sessionFromRequest();
  if (!session) redirect('/sign-in?next=%2Fsettings');
  const { name, email, grants } = session.actor;
  const { PUNCTUAL_OIDC_ISSUER, PUNCTUAL_OIDC_NAME } = environment();
  const provider = PUNCTUAL_OIDC_ISSUER === undefined ? null : PUNCTUAL_OIDC_NAME;
  return (
    <ServerQueries
      queries={[
        { queryKey: ownSessions.queryKey, queryFn: () => listOwnSessions(session) },
        { queryKey: ownSecondFactor.queryKey, queryFn: () => readOwnSecondFactor(session) },
      ]}
    >
      <AccountScreen
        user={{ name, email, grants }}
        provider={provider}
        actions={{
          changePassword,
          endSession,
          signOutEverywhere,
          secondFactor: {
            begin: beginOwnSecondFactor,
            confirm: confirmOwnSecondFactor,
            renew: renewCodes,
            remove: switchSecondFactorOff,
          },
        }}
      />
    </ServerQueries>
  );
}
