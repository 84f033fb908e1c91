import path from 'node:path';
import { isValidElement, type ReactNode } from 'react';
import { ServerQueries, type ServerQuery } from '#components/shell/server-queries.tsx';
import { NotAllowed } from '#core/auth/permissions.ts';
import type { AskedPage } from './every-page.ts';
import { inRequest } from './request-context.ts';

/** What a page answers, as far as rights go. */
export type PageAnswer = 'shown' | 'refused' | 'not_found' | 'to_sign_in' | 'elsewhere';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Server components that say that one may not. */
const REFUSALS = new Set([
  'NotAllowedPage',
  'NotAllowedState',
  'EditorRefused',
  'CalendarRefused',
  'BlackoutRefused',
  'SecretsNotAllowed',
]);

/**
 * Renders what of a page the server reads: its own async components and the queries that it prefetches. Client components
 * aren't entered: they have nothing but what stands in their properties.
 */
export async function renderPage(
  file: string,
  headers: Headers,
  { params = {}, query = {} }: AskedPage,
): Promise<PageAnswer> {
  const { default: Page } = (await import(/* @vite-ignore */ path.join(ROOT, file))) as {
    default: (props: unknown) => ReactNode | Promise<ReactNode>;
  };
  const props = { params: Promise.resolve(params), searchParams: Promise.resolve(query) };
  try {
    return await inRequest(headers, async () => walk(await Page(props)));
  } catch (error) {
    return answerOf(error);
  }
}

async function walk(node: ReactNode): Promise<PageAnswer> {
  if (Array.isArray(node)) {
    for (const each of node as ReactNode[]) {
      const answer = await walk(each);
      if (answer !== 'shown') return answer;
    }
    return 'shown';
  }
  if (!isValidElement(node)) return 'shown';
  const { type, props } = node as { type: unknown; props: Record<string, unknown> };
  if (type === ServerQueries) {
    await Promise.all((props['queries'] as ServerQuery[]).map(({ queryFn }) => queryFn()));
  } else if (typeof type === 'function') {
    if (REFUSALS.has(type.name)) return 'refused';
    if (type.constructor.name === 'AsyncFunction') {
      return walk(await (type as (given: unknown) => Promise<ReactNode>)(props));
    }
  }
  return walk(props['children'] as ReactNode);
}

function answerOf(error: unknown): PageAnswer {
  if (error instanceof NotAllowed) return 'refused';
  const { digest = '' } = error as { digest?: string };
  if (digest === 'NEXT_HTTP_ERROR_FALLBACK;404') return 'not_found';
  if (digest.startsWith('NEXT_REDIRECT')) {
    return digest.includes(';/sign-in') ? 'to_sign_in' : 'elsewhere';
  }
  throw error;
}
