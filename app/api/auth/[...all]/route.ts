import { handleAuth } from '#core/auth/auth.ts';

export const GET = handleAuth;
export const POST = handleAuth;
