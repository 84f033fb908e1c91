import { PreviewBlackout, previewBlackout } from '#core/blackouts/preview-blackout.ts';
import { defineRoute } from '../../define-route.ts';

/** Whom a blackout would hit; it doesn't fit into an address. */
export const POST = defineRoute(PreviewBlackout, (input, actor) => previewBlackout(actor, input));
