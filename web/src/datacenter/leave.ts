/*
 * Where the browser keeps a page from opening: words, and a link, which no browser keeps back. As Jira Cloud asks before an app opens another site, so this
 * is answered with yes, by following the link, or with no.
 */
import { element, lookOnce } from './elements';
import type { Say } from './words';

/** Whether the link was followed. */
export function offerLink(url: string, say: Say): Promise<boolean> {
  lookOnce();
  const dialog = element('dialog', '', 'leave');
  const words = element('p', say('leave.blocked'));
  words.id = 'leave-words';
  dialog.setAttribute('aria-labelledby', words.id);
  const link = element('a', say('leave.open').replace('{host}', new URL(url, window.location.href).host));
  Object.assign(link, { href: url, target: '_blank', rel: 'noopener' });
  const stay = element('button', say('leave.stay'));
  stay.type = 'button';
  const choices = document.createElement('div');
  choices.append(link, stay);
  dialog.append(words, choices);
  // The frame is as high as its page, so that its middle may be out of sight: beside what was pressed.
  const pressed = document.activeElement?.getBoundingClientRect().top ?? 0;
  document.body.append(dialog);
  dialog.showModal();
  dialog.style.insetBlockStart = `${Math.max(0, Math.min(pressed, window.innerHeight - dialog.offsetHeight))}px`;
  return new Promise((resolve) => {
    link.addEventListener('click', () => {
      resolve(true);
      // Not before the browser has followed it.
      setTimeout(() => dialog.close());
    });
    stay.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(false);
    });
  });
}
