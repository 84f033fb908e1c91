import { NotFoundState } from '../not-found-state.tsx';

/** What the address names isn't there; the frame around it stays. */
export default function ConsoleNotFound() {
  return <NotFoundState />;
}
