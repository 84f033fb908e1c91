/** Picked by hand; a longer list is a stretch. */
export const MOST_PICKED = 200;
