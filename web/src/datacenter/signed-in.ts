/*
 * "Signed in as …", below the page: beside a Jira Data Center the browser's cookie says who acts here, and not Jira. Plain elements, as the sign-in itself.
 */
import { addLook } from './look';
import type { Account, Session } from './session';
import type { Say } from './words';

const kLook = `
.signed-in { display: flex; flex-wrap: wrap; gap: 4px 8px; padding: 12px 4px 4px; font: var(--ds-font-body-small, 12px/16px sans-serif); color: var(--ds-text-subtle, #505258); }
.signed-in button { padding: 0; border: 0; background: none; font: inherit; color: var(--ds-link, #1868db); cursor: pointer; text-decoration: underline; }
.signed-in button:focus-visible { outline: 2px solid var(--ds-border-focused, #4688ec); outline-offset: 2px; }
`;

let shown: { of: string; line: HTMLElement } | undefined;

/** Once; anew when somebody else is. */
export function showWho(account: Account, say: Say, session: Session): void {
  if (shown?.of === account.id && shown.line.isConnected) return;
  addLook(kLook);
  shown?.line.remove();
  const line = document.createElement('footer');
  line.className = 'signed-in';
  const who = document.createElement('span');
  who.textContent = say('sign_in.as').replace('{name}', `\u2068${account.name}\u2069`);
  const out = document.createElement('button');
  out.type = 'button';
  out.textContent = say('sign_in.out');
  out.addEventListener('click', () => void session.signOut().then(() => window.location.reload()));
  line.append(who, out);
  document.body.append(line);
  shown = { of: account.id, line };
}
