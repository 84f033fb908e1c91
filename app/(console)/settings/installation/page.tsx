import { InstallationScreen } from '#components/settings/installation-screen.tsx';
import { installationSettings } from '#components/settings/settings-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { sampleRights } from '#core/samples/sample-rights.ts';
import { readInstallation } from '#core/installation/read-installation.ts';
import { requireActor } from '../../../session.ts';
import {
  addSamples,
  changeRetention,
  changeTwoPersons,
  pauseEverything,
  removeSamples,
  resumeEverything,
} from './actions.ts';

const actions = {
  addSamples,
  changeRetention,
  changeTwoPersons,
  pauseEverything,
  removeSamples,
  resumeEverything,
};

export default async function InstallationPage() {
  const actor = await requireActor('/settings/installation');
  const rights = {
    write: may(actor, 'installation:write'),
    pause: may(actor, 'installation:pause'),
    samples: sampleRights(actor),
  };
  return (
    <ServerQueries
      queries={[
        { queryKey: installationSettings.queryKey, queryFn: () => readInstallation(actor) },
      ]}
    >
      <InstallationScreen rights={rights} actions={actions} />
    </ServerQueries>
  );
}
