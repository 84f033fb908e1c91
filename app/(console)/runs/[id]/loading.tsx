import { RunSkeleton } from '#components/runs/run-skeleton.tsx';

export default function RunLoading() {
  return <RunSkeleton />;
}
