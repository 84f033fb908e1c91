import { JobDefinition } from '#components/jobs/job-definition.tsx';
import { jobOfPage } from '../../job-of-page.ts';

export default async function JobDefinitionPage({ params }: PageProps<'/jobs/[key]/definition'>) {
  const { key } = await params;
  const { name } = await jobOfPage(key);
  return <JobDefinition name={name} />;
}
