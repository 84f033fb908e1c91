'use client';

import { lazy, Suspense } from 'react';

// It comes with the error: the server answered just now, and every page would carry it a second time otherwise.
const PageProblem = lazy(() =>
  import('#components/shell/page-problem.tsx').then((file) => ({ default: file.PageProblem })),
);

export default function RootError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main id="main" className="px-gutter py-5">
      <Suspense>
        <PageProblem error={error} retry={retry} />
      </Suspense>
    </main>
  );
}
