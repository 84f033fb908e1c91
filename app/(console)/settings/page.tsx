import { redirect } from 'next/navigation';
import { AccountScreen } from '#components/settings/account-screen.tsx';
import { ownSessions } from '#components/settings/settings-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { listOwnSessions } from '#core/users/own-sessions.ts';
import { sessionFromRequest } from '../../session.ts';
import { signOutEverywhere } from '../account-actions.ts';
import { changePassword, endSession } from './actions.ts';

export default async function AccountPage() {
  const session = await sessionFromRequest();
  if (!session) redirect('/sign-in?next=%2Fsettings');
  const { name, email, grants } = session.actor;
  return (
    <ServerQueries
      queries={[{ queryKey: ownSessions.queryKey, queryFn: () => listOwnSessions(session) }]}
    >
      <AccountScreen
        user={{ name, email, grants }}
        actions={{ changePassword, endSession, signOutEverywhere }}
      />
    </ServerQueries>
  );
}
