import { useTranslations } from 'next-intl';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { cn } from '#components/ui/cn.ts';
import type { Group } from '#core/health/check.ts';
import { checkOf } from '#core/health/checks.ts';
import type { HealthView } from '#core/health/read-health.ts';
import { levelLook } from './level-look.ts';
import { Meter } from './meter.tsx';
import { useHealthWords } from './use-health-words.ts';

type CheckView = HealthView['checks'][number];

/** The checks of one group: the number, the lines from which on it is bad, and what it says. */
export function CheckTable({ group, checks }: { group: Group; checks: readonly CheckView[] }) {
  const t = useTranslations('health');
  const own = checks.filter(({ name }) => checkOf(name).group === group);
  const id = `health-${group}`;
  return (
    <section className="mt-8" aria-labelledby={id}>
      <SectionHead id={id} title={t(`group.${group}`)} />
      <Table className="mt-2" aria-labelledby={id}>
        <colgroup className="phone:hidden">
          <col className="w-[38px]" />
          <col className="w-56 max-[80rem]:w-44" />
          <col className="w-24" />
          <col className="w-28 max-[80rem]:hidden" />
          <col className="w-24" />
          <col className="w-24" />
          <col />
        </colgroup>
        <TableHead>
          <Th>
            <span className="sr-only">{t('level')}</span>
          </Th>
          <Th>{t('what')}</Th>
          <Th numeric>{t('now')}</Th>
          <Th className="max-[80rem]:hidden">
            <span className="sr-only">{t('distance')}</span>
          </Th>
          <Th numeric>{t('warnAt')}</Th>
          <Th numeric>{t('badAt')}</Th>
          <Th>{t('says')}</Th>
        </TableHead>
        <TableBody>
          {own.map((check) => (
            <CheckRow key={check.name} judged={check} />
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

function CheckRow({ judged }: { judged: CheckView }) {
  const t = useTranslations('health');
  const words = useHealthWords();
  const check = checkOf(judged.name);
  const { state, ink } = levelLook[judged.level];
  const line = (at: number | null) => (at === null ? '–' : words.number(check.unit, at));
  const sentence = words.sentence(judged);
  return (
    <Tr>
      <Td phone="glyph">
        <StateGlyph state={state} label={t(`levels.${judged.level}`)} />
      </Td>
      <Td phone="first">{words.name(judged.name)}</Td>
      <Td phone="first-end" numeric className={cn('whitespace-nowrap', ink)}>
        {judged.value === null ? '–' : words.number(check.unit, judged.value)}
      </Td>
      <Td className="max-[80rem]:hidden">
        <Meter check={check} judged={judged} />
      </Td>
      <Td numeric className="whitespace-nowrap text-ink-2">
        {line(shownLine(check, check.warnAt))}
      </Td>
      <Td numeric className="whitespace-nowrap text-ink-2">
        {line(shownLine(check, check.badAt))}
      </Td>
      <Td phone="second" className="phone:whitespace-normal">
        <span className="block truncate text-ink-2 phone:whitespace-normal" title={sentence}>
          {sentence}
        </span>
      </Td>
    </Tr>
  );
}

/** Whole things are beyond a line from the next one on: "above 0" reads as 1, "below 1" as 0. */
function shownLine(
  { unit, worse }: ReturnType<typeof checkOf>,
  line: number | null,
): number | null {
  if (unit !== 'count' || line === null) return line;
  return worse === 'above' ? line + 1 : line - 1;
}
