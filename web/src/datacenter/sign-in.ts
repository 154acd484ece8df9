/*
 * "Sign in with Jira", in the place of the page until somebody did. The page stays as it was meanwhile, with all that was typed into it.
 */
import { element, lookOnce } from './elements';
import { codeFromWindow, type Session, type SignInProblem } from './session';
import type { Place } from './place';
import type { Say } from './words';

export class SignIn {
  #shown: Promise<void> | undefined;

  constructor(
    private readonly place: Place,
    private readonly session: Session,
  ) {}

  /** Until somebody is signed in. Those who ask meanwhile wait with the first. */
  ask(say: () => Promise<Say>): Promise<void> {
    this.#shown ??= say().then((words) => this.#show(words)).finally(() => (this.#shown = undefined));
    return this.#shown;
  }

  #show(say: Say): Promise<void> {
    lookOnce();
    const root = document.getElementById('root');
    const had = root?.contains(document.activeElement) ? document.activeElement : null;
    const main = element('main', '', 'sign-in');
    main.tabIndex = -1;
    const status = element('p', '', 'quiet');
    status.setAttribute('role', 'status');
    const form = element('form', '', 'sign-in');
    const button = element('button');
    button.type = 'submit';
    const field = fieldOf(say);
    const other = element('button', '', 'other');
    other.type = 'button';
    let typed = this.place.signIn === 'typed';
    const arrange = () => {
      button.textContent = say(typed ? 'sign_in.typed_button' : 'sign_in.button');
      other.textContent = say(typed ? 'sign_in.with_window' : 'sign_in.with_token');
      // Where there is no window to go to, there is nothing to choose.
      form.replaceChildren(...(typed ? field.parts : []), button, ...(this.place.signIn === 'oauth' ? [other] : []));
    };
    arrange();
    const why = this.place.signIn === 'oauth' ? 'sign_in.why' : 'sign_in.why_typed';
    main.append(element('h1', say('sign_in.title')), element('p', say(this.session.known ? 'sign_in.again' : why)));
    main.append(form, status);
    if (root) root.hidden = true;
    document.body.append(main);
    // What had focus is hidden now. Who was elsewhere stays there.
    if (had) main.focus({ preventScroll: true });

    const tell = (look: 'quiet' | 'problem', words: string, link?: HTMLElement) => {
      status.className = look;
      status.replaceChildren(words, ...(link ? [' ', link] : []));
    };
    let attempt = new AbortController();
    return new Promise((resolve) => {
      const end = () => {
        attempt.abort();
        document.removeEventListener('visibilitychange', look);
        const here = main.contains(document.activeElement);
        main.remove();
        if (root) root.hidden = false;
        if (here) (had instanceof HTMLElement ? had : root?.querySelector('main'))?.focus({ preventScroll: true });
        resolve();
      };
      // Signed in beside another ticket meanwhile: the cookie is there, and nobody is asked twice.
      const look = () => {
        if (document.visibilityState === 'visible') void this.session.refresh().then((problem) => problem || end());
      };
      document.addEventListener('visibilitychange', look);
      other.addEventListener('click', () => {
        attempt.abort();
        typed = !typed;
        button.removeAttribute('aria-disabled');
        tell('quiet', '');
        arrange();
        (typed ? field.input : button).focus();
      });
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        if (button.getAttribute('aria-disabled') === 'true') return;
        attempt.abort();
        attempt = new AbortController();
        button.setAttribute('aria-disabled', 'true');
        tell('quiet', say(typed ? 'sign_in.checking' : 'sign_in.waiting'));
        const onBlocked = (address: string) => {
          button.removeAttribute('aria-disabled');
          tell('problem', say('sign_in.blocked'), signInLink(address, say));
        };
        void this.#attempt(typed ? field.input.value : undefined, onBlocked, attempt.signal).then((problem) => {
          if (problem === 'given_up') return;
          button.removeAttribute('aria-disabled');
          if (problem) return tell('problem', say(typed && problem === 'refused' ? 'sign_in.refused_typed' : `sign_in.${problem}`));
          end();
        });
      });
    });
  }

  async #attempt(typed: string | undefined, onBlocked: (address: string) => void, over: AbortSignal): Promise<SignInProblem | 'given_up' | undefined> {
    if (typed !== undefined) return this.session.withTyped(typed.trim());
    const brought = await codeFromWindow(this.place, { onBlocked, over });
    return 'code' in brought ? this.session.withCode(brought.code) : brought.problem;
  }
}

function fieldOf(say: Say): { input: HTMLInputElement; parts: HTMLElement[] } {
  const label = element('label', say('sign_in.token'));
  const input = document.createElement('input');
  Object.assign(input, { type: 'password', required: true, autocomplete: 'off', maxLength: 1024 });
  label.append(input);
  return { input, parts: [label, element('p', say('sign_in.token_hint'), 'quiet')] };
}

/** The page behind it hands the code to the one that opened it. */
function signInLink(address: string, say: Say): HTMLAnchorElement {
  return Object.assign(element('a', say('sign_in.blocked_link')), { href: address, target: '_blank', rel: 'opener' });
}
