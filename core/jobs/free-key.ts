import type { Tx } from '../prisma.ts';

const LONGEST_KEY = 64;

/** `wanted`, or the first of `wanted-2`, `wanted-3` … that no job has. Another person may take it before it is used. */
export async function freeKey(tx: Tx, wanted: string): Promise<string> {
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : `-${number}`;
    const beginning = wanted.slice(0, LONGEST_KEY - ending.length).replace(/-+$/, '');
    const key = beginning + ending;
    if (!(await tx.job.findFirst({ where: { key, deletedAt: null }, select: { id: true } }))) {
      return key;
    }
  }
}
