import { type Actor, may } from '../auth/permissions.ts';
import { maySave } from '../jobs/authorize-save.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { sampleDefinitions } from './sample-definitions.ts';

/** What of the sample jobs somebody may do; the use-cases look for themselves. */
export function sampleRights(actor: Actor): { add: boolean; remove: boolean } {
  const samples = sampleDefinitions('http://localhost/').map((each) => JobDefinition.parse(each));
  return {
    add: samples.every((after) => maySave(actor, { job: null, before: null, after })),
    remove: samples.every((sample) => may(actor, 'job:write', sample)),
  };
}
