'use client';

import type { SampleRights } from '#components/installation/use-samples.ts';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { HistoryState } from './history-state.tsx';
import { PauseEverything } from './pause-everything.tsx';
import { RetentionForm } from './retention-form.tsx';
import { SampleJobs } from './sample-jobs.tsx';
import type { InstallationActions } from './settings-actions.ts';
import { installationSettings } from './settings-queries.ts';
import { TwoPersonsForm } from './two-persons-form.tsx';
import { SettingsSection } from './settings-section.tsx';

export type InstallationRights = { write: boolean; pause: boolean; samples: SampleRights };

/** What holds for the whole installation. */
export function InstallationScreen({
  rights,
  actions,
}: {
  rights: InstallationRights;
  actions: Omit<InstallationActions, 'changePauseEnd'>;
}) {
  const t = useTranslations('settings');
  const { data } = useSuspenseQuery(installationSettings);
  return (
    <>
      <SettingsSection title={t('retention.title')} sentence={t('retention.sentence')}>
        <RetentionForm
          days={data.retentionDays}
          mayWrite={rights.write}
          changeRetention={actions.changeRetention}
        />
        <HistoryState status={data.history} />
      </SettingsSection>
      <SettingsSection title={t('twoPersons.title')} sentence={t('twoPersons.sentence')}>
        <TwoPersonsForm
          labels={data.twoPersons}
          mayWrite={rights.write}
          changeTwoPersons={actions.changeTwoPersons}
        />
      </SettingsSection>
      <SettingsSection title={t('pause.title')} sentence={t('pause.sentence')}>
        <PauseEverything pausedAll={data.pausedAll} mayPause={rights.pause} />
      </SettingsSection>
      <SettingsSection title={t('samples.title')} sentence={t('samples.sentence')}>
        <SampleJobs may={rights.samples} actions={actions} />
      </SettingsSection>
    </>
  );
}
