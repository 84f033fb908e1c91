'use server';

import { z } from 'zod';
import * as pausing from '#core/installation/pause-everything.ts';
import * as retention from '#core/installation/retention.ts';
import * as twoPersons from '#core/installation/two-persons.ts';
import { ownHealthUrl } from '#core/samples/health-url.ts';
import * as samples from '#core/samples/samples.ts';
import { defineAction } from '../../../actions/define-action.ts';

export const changeRetention = defineAction(retention.ChangeRetention, (input, actor) =>
  retention.changeRetention(actor, input),
);

export const changeTwoPersons = defineAction(twoPersons.ChangeTwoPersons, (input, actor) =>
  twoPersons.changeTwoPersons(actor, input),
);

export const pauseEverything = defineAction(pausing.PauseEverything, (input, actor) =>
  pausing.pauseEverything(actor, input),
);

export const resumeEverything = defineAction(pausing.ResumeEverything, (input, actor) =>
  pausing.resumeEverything(actor, input),
);

export const changePauseEnd = defineAction(pausing.ChangePauseOfAll, (input, actor) =>
  pausing.changeEndOfPauseOfAll(actor, input),
);

export const addSamples = defineAction(z.void(), (_input, actor) =>
  samples.addSamples(actor, { healthUrl: ownHealthUrl() }),
);

export const removeSamples = defineAction(z.void(), (_input, actor) =>
  samples.removeSamples(actor),
);
