'use server';

import { changeQueue, createQueue, QueueInput } from '#core/queues/queues.ts';
import { defineAction } from '../../actions/define-action.ts';

export const create = defineAction(QueueInput, (input, actor) => createQueue(actor, input));
export const change = defineAction(QueueInput, (input, actor) => changeQueue(actor, input));
