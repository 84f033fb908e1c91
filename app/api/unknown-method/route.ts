/** Where cli/unanswerable-requests.ts sends requests of a method that no page knows. */
export function GET(): Response {
  return new Response('There is nothing here for this method.\n', {
    status: 405,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      allow: 'GET, HEAD, POST',
    },
  });
}
