'use client';

import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import type { JobDefinition } from '#core/jobs/definition.ts';
import type { NewerRevision } from '#core/jobs/newer-revision.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import { compareEdits, takeParts, type MergePart, type PartId } from './definition-parts.ts';
import type { EditorJob } from './editor-view.ts';
import { isCode, usePartWords } from './part-words.ts';

type Side = 'mine' | 'theirs';

/** Somebody else saved first: what each of the two changed, part by part, to choose from and save on top. */
export function ConflictDialog({
  base,
  mine,
  newer,
  onJoin,
  onClose,
}: {
  base: EditorJob;
  mine: JobDefinition;
  newer: NewerRevision;
  /** The joined definition, and the revision that it goes on top of. */
  onJoin: (joined: JobDefinition, theirs: EditorJob) => void;
  onClose: () => void;
}) {
  const t = useTranslations('editor');
  const theirs = newer.definition;
  const parts = useMemo(
    () => compareEdits(base.definition, mine, theirs),
    [base.definition, mine, theirs],
  );
  const [chosen, setChosen] = useState<ReadonlyMap<PartId, Side>>(() => firstChoice(parts));
  const open = parts.filter(({ part }) => !chosen.has(part)).length;
  const chooseAll = (side: Side) => setChosen(new Map(parts.map(({ part }) => [part, side])));
  const join = () => {
    const taken = parts.filter(({ part }) => chosen.get(part) === 'theirs').map(({ part }) => part);
    onClose();
    onJoin(takeParts(mine, theirs, taken), {
      id: base.id,
      revision: newer.revision,
      savedAt: new Date(newer.savedAt).toISOString(),
      savedBy: newer.savedBy,
      definition: theirs,
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <DialogContent
        width={860}
        title={t('conflictTitle', { name: newer.savedBy })}
        sentence={t.rich('conflictSentence', {
          name: newer.savedBy,
          revision: newer.revision,
          mine: base.revision,
          when: () => <AbsoluteTime at={new Date(newer.savedAt).toISOString()} />,
        })}
      >
        <DialogBody>
          {newer.note && (
            <p className="mb-2 text-table text-ink-2">{t('theirNote', { note: newer.note })}</p>
          )}
          <div className="mb-1 flex flex-wrap gap-2">
            <Button size="small" onClick={() => chooseAll('theirs')}>
              {t('allTheirs')}
            </Button>
            <Button size="small" onClick={() => chooseAll('mine')}>
              {t('allMine')}
            </Button>
          </div>
          {parts.length === 0 && <p className="py-2 text-table">{t('conflictSame')}</p>}
          <ul>
            {parts.map((part) => (
              <ConflictPart
                key={part.part}
                part={part}
                theirName={newer.savedBy}
                side={chosen.get(part.part)}
                onChoose={(side) => setChosen(new Map(chosen).set(part.part, side))}
              />
            ))}
          </ul>
        </DialogBody>
        <DialogFoot note={open > 0 ? t('stillToChoose', { count: open }) : t('conflictNote')}>
          <Button onClick={onClose}>{t('backToForm')}</Button>
          <Button variant="primary" disabled={open > 0} onClick={join}>
            {t('saveOnTop', { revision: newer.revision + 1 })}
          </Button>
        </DialogFoot>
      </DialogContent>
    </Dialog>
  );
}

/** What only one of the two touched is theirs without question; only what both changed has to be chosen. */
function firstChoice(parts: readonly MergePart[]): ReadonlyMap<PartId, Side> {
  return new Map(
    parts
      .filter(({ changedBy }) => changedBy !== 'both')
      .map(({ part, changedBy }) => [part, changedBy === 'me' ? 'mine' : 'theirs']),
  );
}

function ConflictPart({
  part: { part, base, mine, theirs, changedBy },
  theirName,
  side,
  onChoose,
}: {
  part: MergePart;
  theirName: string;
  side: Side | undefined;
  onChoose: (side: Side) => void;
}) {
  const t = useTranslations('editor');
  const words = usePartWords();
  const name = words.name(part);
  return (
    <li className="border-t border-line py-3">
      <p className="flex items-baseline gap-2 text-table font-medium">
        <span className="first-letter:uppercase">{name}</span>
        {changedBy === 'both' && <LabelChip tone="time">{t('bothChanged')}</LabelChip>}
      </p>
      <RadioGroup
        label={name}
        layout="list"
        value={side}
        onValueChange={onChoose}
        className="mx-3 mt-1 items-start gap-x-6 desk:grid-cols-2"
        options={[
          {
            value: 'theirs',
            label: t('theirs', { name: theirName }),
            aside: changedBy === 'me' ? t('unchanged') : undefined,
            hint: <Lines lines={words.value(part, theirs)} mono={isCode(part)} />,
          },
          {
            value: 'mine',
            label: t('mine'),
            aside: changedBy === 'them' ? t('unchanged') : undefined,
            hint: <Lines lines={words.value(part, mine)} mono={isCode(part)} />,
          },
        ]}
      />
      {changedBy === 'both' && (
        <p className="mt-1 truncate text-meta text-ink-3">
          {t('before', { value: words.value(part, base).join(', ') })}
        </p>
      )}
    </li>
  );
}

function Lines({ lines, mono }: { lines: string[]; mono: boolean }) {
  return (
    <span
      className={cn(
        'block max-h-40 overflow-y-auto break-words whitespace-pre-wrap',
        mono && 'font-mono text-meta',
      )}
    >
      {lines.join('\n')}
    </span>
  );
}
