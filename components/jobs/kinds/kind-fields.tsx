'use client';

import type { ComponentType } from 'react';
import type { KindName } from '#core/jobs/kinds/kinds.ts';
import { CommandFields } from './command-fields.tsx';
import { HttpFields } from './http-fields.tsx';
import { ScriptFields } from './script-fields.tsx';

/** What the editor asks for a job of each kind; a new kind adds its file and a line here. */
export const kindFields: Readonly<Record<KindName, ComponentType>> = {
  http: HttpFields,
  command: CommandFields,
  script: ScriptFields,
};

export const kindNames = Object.keys(kindFields) as KindName[];
