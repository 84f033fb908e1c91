import { SecretsNotAllowed } from '#components/secrets/secrets-not-allowed.tsx';
import { SecretsScreen } from '#components/secrets/secrets-screen.tsx';
import { secretList } from '#components/secrets/secret-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { readSecrets } from '#core/secrets/read-secrets.ts';
import { requireActor } from '../../../session.ts';
import { add, limit, remove, replace } from './actions.ts';

const actions = { add, limit, remove, replace };

export default async function SecretsPage() {
  const actor = await requireActor('/settings/secrets');
  if (!may(actor, 'secret:read')) return <SecretsNotAllowed />;
  return (
    <ServerQueries queries={[{ queryKey: secretList.queryKey, queryFn: () => readSecrets(actor) }]}>
      <SecretsScreen mayWrite={may(actor, 'secret:write')} actions={actions} />
    </ServerQueries>
  );
}
