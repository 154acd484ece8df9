/*
 * Opens a page outside of Jira, in a new tab. Jira asks first, in a dialog of its own page, and while that has focus the browser takes it
 * from what was pressed here. It comes back to that when this window has focus again, and nothing else here has taken it.
 */
import { router } from '@forge/bridge';

/** False when the person declined, which is no failure. */
export async function openElsewhere(url: string): Promise<boolean> {
  const pressed = document.activeElement;
  const went = await Promise.resolve(router.open(url)).then(
    () => true,
    () => false,
  );
  if (pressed instanceof HTMLElement && pressed !== document.body) giveBack(pressed);
  return went;
}

/** Focus, once this window has it again, to what had it before Jira asked. */
export function giveBack(element: HTMLElement): void {
  const focus = () => {
    if (element.isConnected && (document.activeElement === document.body || document.activeElement === null)) element.focus({ preventScroll: true });
  };
  if (document.hasFocus()) focus();
  else window.addEventListener('focus', focus, { once: true });
}
