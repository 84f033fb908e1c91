'use server';

import { z } from 'zod';
import { verifyTrail } from '#core/audit/verify.ts';
import { defineAction } from '../../../actions/define-action.ts';

export const verify = defineAction(z.void(), (_input, actor) => verifyTrail(actor));
