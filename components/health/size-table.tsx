import { useTranslations } from 'next-intl';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import type { SpaceFigures, TableFigures } from '#core/health/figures.ts';
import { useHealthWords } from './use-health-words.ts';

/** The largest tables and partitions, with their dead rows; and how the database grows. */
export function SizeTable({
  tables,
  count,
  space,
}: {
  tables: readonly TableFigures[];
  count: number;
  space: SpaceFigures;
}) {
  const t = useTranslations('health.tables');
  const words = useHealthWords();
  const { databaseBytes, growthBytesPerDay, freeBytes } = space;
  return (
    <section className="mt-8" aria-labelledby="health-tables">
      <SectionHead
        id="health-tables"
        title={t('title')}
        note={t('note', { shown: tables.length, count })}
      />
      <p className="mt-1 text-table text-ink-2">
        {t('size', { size: words.bytes(databaseBytes) })}{' '}
        {growthBytesPerDay === null
          ? t('growthUnknown')
          : t('growth', {
              way: growthBytesPerDay < 0 ? 'shrinks' : 'grows',
              bytes: words.bytes(Math.abs(growthBytesPerDay)),
            })}{' '}
        {freeBytes === null ? t('freeUnknown') : t('free', { bytes: words.bytes(freeBytes) })}
      </p>
      <Table className="mt-2 max-w-[56rem]" aria-labelledby="health-tables">
        <colgroup className="phone:hidden">
          <col />
          <col className="w-28" />
          <col className="w-32" />
          <col className="w-32" />
          <col className="w-36" />
        </colgroup>
        <TableHead>
          <Th>{t('name')}</Th>
          <Th numeric>{t('bytes')}</Th>
          <Th numeric>{t('live')}</Th>
          <Th numeric>{t('dead')}</Th>
          <Th numeric>{t('vacuumed')}</Th>
        </TableHead>
        <TableBody>
          {tables.map((table) => (
            <TableRow key={table.name} table={table} />
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

function TableRow({ table }: { table: TableFigures }) {
  const t = useTranslations('health.tables');
  const time = useTimeWords();
  const words = useHealthWords();
  return (
    <Tr dense className="phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="font-mono phone:col-start-1">
        {table.name}
      </Td>
      <Td phone="first-end" numeric className="phone:col-start-2">
        {words.bytes(table.bytes)}
      </Td>
      <Td numeric>{words.number('count', table.liveRows)}</Td>
      <Td phone="second" numeric className="phone:col-start-1 phone:text-left">
        {words.number('count', table.deadRows)}
        <span className="desk:hidden"> {t('deadOnPhone')}</span>
      </Td>
      <Td numeric className="text-ink-2">
        {table.vacuumedMsAgo === null
          ? t('never')
          : t('ago', { length: time.elapsed(table.vacuumedMsAgo) })}
      </Td>
    </Tr>
  );
}
