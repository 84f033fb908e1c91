/** Where cli/unanswerable-requests.ts sends what no route could read. */
function answer(): Response {
  return new Response(
    'This address can’t be read: it holds a percent sign that no character follows. Correct it, or start from the console’s first page.\n',
    {
      status: 400,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    },
  );
}

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
