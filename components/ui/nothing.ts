/**
 * `loading` of what is fetched apart and still drawn by the server: it gives it a boundary of its own. Without one the
 * whole page waits for it before it comes to life, and a click meanwhile is lost.
 */
export const nothing = () => null;
