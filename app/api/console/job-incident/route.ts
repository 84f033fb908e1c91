import { ReadIncident, readOpenIncident } from '#core/incidents/read-incident.ts';
import { defineRoute } from '../../define-route.ts';

/** A job's open incident, if it has one. */
export const GET = defineRoute(ReadIncident, (input, actor) => readOpenIncident(actor, input));
