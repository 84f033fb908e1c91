'use server';

import * as secrets from '#core/secrets/change-secrets.ts';
import { defineAction } from '../../../actions/define-action.ts';

export const add = defineAction(secrets.AddSecret, (input, actor) =>
  secrets.addSecret(actor, input),
);

export const replace = defineAction(secrets.ReplaceSecret, (input, actor) =>
  secrets.replaceSecret(actor, input),
);

export const limit = defineAction(secrets.LimitSecret, (input, actor) =>
  secrets.limitSecret(actor, input),
);

export const remove = defineAction(secrets.RemoveSecret, (input, actor) =>
  secrets.removeSecret(actor, input),
);
