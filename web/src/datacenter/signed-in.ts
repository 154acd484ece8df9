/*
 * "Signed in as …", below the page: beside a Jira Data Center the browser's cookie says who acts here, and not Jira. Plain elements, as the sign-in itself.
 */
import { element, lookOnce } from './elements';
import type { Account, Session } from './session';
import type { Say } from './words';

let shown: { of: string; line: HTMLElement } | undefined;

/** Once; anew when somebody else is. */
export function showWho(account: Account, say: Say, session: Session): void {
  if (shown?.of === account.id && shown.line.isConnected) return;
  lookOnce();
  shown?.line.remove();
  const line = element('footer', '', 'signed-in');
  const who = element('span', say('sign_in.as').replace('{name}', `\u2068${account.name}\u2069`));
  const out = element('button', say('sign_in.out'));
  out.type = 'button';
  out.addEventListener('click', () => void session.signOut().then(() => window.location.reload()));
  line.append(who, out);
  document.body.append(line);
  shown = { of: account.id, line };
}

/** Nobody is, as far as this page knows. */
export function showNobody(): void {
  shown?.line.remove();
  shown = undefined;
}
