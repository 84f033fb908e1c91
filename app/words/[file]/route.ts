import { isAppLocale, wordsOf } from '../../words-of.ts';

type Context = { params: Promise<{ file: string }> };

/** The words of the console. A page of another version gets those of this one, which most likely do; nobody keeps them. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { file } = await params;
  const locale = file.split('-')[0];
  if (!isAppLocale(locale)) return new Response('There are no such words.', { status: 404 });
  const { text, address } = wordsOf(locale);
  const isAsNamed = address.endsWith(`/${file}`);
  return new Response(text, {
    headers: {
      'content-type': 'application/json',
      'cache-control': isAsNamed ? 'public, max-age=31536000, immutable' : 'no-store',
    },
  });
}
