/*
 * Opens a page outside of Jira, in a new tab. Jira asks first, in a dialog of its own page, and while that has focus the browser takes it
 * from what was pressed here. It comes back to that when this window has focus again, and nothing else here has taken it.
 */
import { router } from '@forge/bridge';
import { homesOf } from './keep-focus';

/** False when the person declined, which is no failure. */
export async function openElsewhere(url: string): Promise<boolean> {
  const giveBack = focusNow();
  const went = await Promise.resolve(router.open(url)).then(
    () => true,
    () => false,
  );
  giveBack();
  return went;
}

/**
 * Remembers what has focus before Jira asks. The function gives it back once this window has focus again; where that element has gone
 * meanwhile, to the innermost around it that keeps focus.
 */
export function focusNow(): () => void {
  const pressed = document.activeElement;
  if (!(pressed instanceof HTMLElement) || pressed === document.body) return () => undefined;
  const places = [pressed, ...homesOf(pressed)];
  const focus = () => {
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    places.find(({ isConnected }) => isConnected)?.focus({ preventScroll: true });
  };
  return () => {
    if (document.hasFocus()) focus();
    else window.addEventListener('focus', focus, { once: true });
  };
}
