'use client';

import { PageProblem } from '#components/shell/page-problem.tsx';

export default function ConsoleError(props: { error: unknown; retry: () => void }) {
  return <PageProblem {...props} />;
}
