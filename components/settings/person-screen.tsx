'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { FactList } from '#components/ui/section-head.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { PersonView } from '#core/users/read-people.ts';
import { GrantWords } from './grant-words.tsx';
import { PersonSessions } from './person-sessions.tsx';
import type { MadeLink, PeopleActions } from './settings-actions.ts';
import { people, personQuery } from './settings-queries.ts';
import { SettingsSection } from './settings-section.tsx';
import { useUserActs } from './use-user-acts.ts';

const LinkDialog = dynamic(() => import('./link-dialog.tsx').then((file) => file.LinkDialog), {
  ssr: false,
});
const GrantsDialog = dynamic(
  () => import('./grants-dialog.tsx').then((file) => file.GrantsDialog),
  { ssr: false },
);
const TakeFactorDialog = dynamic(
  () => import('./take-factor-dialog.tsx').then((file) => file.TakeFactorDialog),
  { ssr: false },
);

type Props = { userId: string; ownId: string; actions: PeopleActions };

/** One person: how they come in, what they may do, their second factor, and where they are signed in. */
export function PersonScreen({ userId, ownId, actions }: Props) {
  const t = useTranslations('person');
  const { data: user } = useSuspenseQuery(personQuery(userId));
  const isOwn = userId === ownId;
  return (
    <>
      <p className="mt-5 text-table">
        <TextLink href="/settings/people" className="underline">
          {t('all')}
        </TextLink>
        <span className="text-ink-3"> / </span>
        <span className="break-words">{user.name}</span>
      </p>
      <Account user={user} isOwn={isOwn} actions={actions} />
      <Grants user={user} isOwn={isOwn} changeGrants={actions.changeGrants} />
      <Factor user={user} isOwn={isOwn} takeSecondFactor={actions.takeSecondFactor} />
      <SettingsSection title={t('sessions')} sentence={t('sessionsSentence')}>
        <PersonSessions user={user} endSessions={actions.endSessions} />
      </SettingsSection>
    </>
  );
}

type Part = { user: PersonView; isOwn: boolean };

function Account({ user, isOwn, actions }: Part & { actions: PeopleActions }) {
  const t = useTranslations('person');
  const [made, setMade] = useState<MadeLink | null>(null);
  const { change, isPending } = useUserActs(user, actions, setMade);
  const off = user.disabledAt;
  const provider = user.provider ?? '';
  const ways = user.hasProvider && user.provider !== null ? 'Provider' : 'Nothing';
  const comesBy = user.hasPassword ? (ways === 'Provider' ? 'byBoth' : 'byPassword') : `by${ways}`;
  return (
    <SettingsSection title={t('account')} sentence={t('accountSentence')}>
      <FactList
        facts={[
          { name: t('name'), value: user.name },
          { name: t('email'), value: user.email },
          {
            name: t('comesBy'),
            value:
              off === null
                ? t(comesBy as 'byPassword', { provider })
                : t.rich('off', { since: () => <AbsoluteTime at={off} /> }),
          },
          { name: t('since'), value: <AbsoluteTime at={user.createdAt} /> },
          {
            name: t('seen'),
            value: user.seenAt === null ? t('never') : <RelativeTime at={user.seenAt} />,
          },
        ]}
      />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          pending={isPending}
          disabled={off !== null}
          title={off === null ? undefined : t('linkOff')}
          onClick={() => void change.passwordLink()}
        >
          {t('link')}
        </Button>
        <Button
          disabled={isOwn || isPending}
          title={isOwn ? t('ownOff') : undefined}
          onClick={() => void change.isOff(off === null)}
        >
          {t(off === null ? 'switchOff' : 'switchOn')}
        </Button>
      </div>
      {made && <LinkDialog made={made} onClose={() => setMade(null)} />}
    </SettingsSection>
  );
}

function Grants({
  user,
  isOwn,
  changeGrants,
}: Part & { changeGrants: PeopleActions['changeGrants'] }) {
  const t = useTranslations('person');
  const list = useTranslations('settings.list');
  const [isChanging, setIsChanging] = useState(false);
  const isFixed = isOwn || user.disabledAt !== null;
  return (
    <SettingsSection title={t('may')} sentence={t('maySentence')}>
      <div className="text-table">
        <GrantWords grants={user.grants} />
      </div>
      {user.areGrantsFromProvider ? (
        <p className="mt-2 text-meta text-pretty text-ink-3">
          {t('fromProvider', { provider: user.provider ?? '' })}
        </p>
      ) : (
        <Button
          className="mt-3"
          disabled={isFixed}
          title={isOwn ? list('ownRole') : undefined}
          onClick={() => setIsChanging(true)}
        >
          {t('change')}
        </Button>
      )}
      {isChanging && (
        <GrantsDialog
          user={user}
          changeGrants={changeGrants}
          onClose={() => setIsChanging(false)}
        />
      )}
    </SettingsSection>
  );
}

function Factor({
  user,
  isOwn,
  takeSecondFactor,
}: Part & { takeSecondFactor: PeopleActions['takeSecondFactor'] }) {
  const t = useTranslations('person');
  const { data } = useSuspenseQuery(people);
  const [isAsking, setIsAsking] = useState(false);
  const words = user.hasSecondFactor
    ? 'hasFactor'
    : !user.hasPassword && user.hasProvider
      ? 'factorElsewhere'
      : data.isSecondFactorRequired
        ? 'factorDue'
        : 'noFactor';
  return (
    <SettingsSection title={t('factor')} sentence={t('factorSentence')}>
      <p className="text-table text-pretty text-ink-2">
        {t(words, { provider: user.provider ?? '' })}
      </p>
      {user.hasSecondFactor && (
        <Button
          className="mt-3"
          disabled={isOwn}
          title={isOwn ? t('takeOwn') : undefined}
          onClick={() => setIsAsking(true)}
        >
          {t('take')}
        </Button>
      )}
      {isAsking && (
        <TakeFactorDialog
          user={user}
          takeSecondFactor={takeSecondFactor}
          onClose={() => setIsAsking(false)}
        />
      )}
    </SettingsSection>
  );
}
