/*
 * Things stand otherwise than the page shows: the server refused a change because of how they stand now, or a change was sent and no answer came.
 * Pages that show such things ask at once instead of with their next question.
 */
type Listener = () => void;

const listeners = new Set<Listener>();

export function whenMoved(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function tellMoved(): void {
  for (const listener of [...listeners]) listener();
}
