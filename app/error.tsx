'use client';

import { PageProblem } from '#components/shell/page-problem.tsx';

export default function RootError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main id="main" className="px-gutter py-5">
      <PageProblem error={error} retry={retry} />
    </main>
  );
}
