/*
 * "Sign in with Jira", in the place of the page until somebody did. Plain elements: this is there before the page itself, and with every page.
 */
import { addLook } from './look';
import { codeFromWindow, type Session, type SignInProblem } from './session';
import type { Place } from './place';
import type { Say } from './words';

const kLook = `
.sign-in { display: grid; gap: 12px; padding: 12px 4px; max-inline-size: 26rem; font: var(--ds-font-body, 14px/20px sans-serif); color: var(--ds-text, #292a2e); }
form.sign-in { padding: 0; }
.sign-in p { margin: 0; }
.sign-in h1 { margin: 0; font: var(--ds-font-heading-small, 600 16px/20px sans-serif); }
.sign-in label { display: grid; gap: 4px; font-weight: 600; }
.sign-in input { font: inherit; padding: 6px 8px; border: 1px solid var(--ds-border-input, #8c8f97); border-radius: 3px; background: var(--ds-background-input, #fff); color: inherit; inline-size: 100%; box-sizing: border-box; }
.sign-in button { justify-self: start; font: inherit; font-weight: 500; padding: 6px 12px; border: 0; border-radius: 3px; background: var(--ds-background-brand-bold, #1868db); color: var(--ds-text-inverse, #fff); cursor: pointer; }
.sign-in button:hover { background: var(--ds-background-brand-bold-hovered, #1558bc); }
.sign-in button:focus-visible, .sign-in input:focus-visible { outline: 2px solid var(--ds-border-focused, #4688ec); outline-offset: 2px; }
.sign-in button.other { padding: 0; background: none; color: var(--ds-link, #1868db); text-decoration: underline; }
.sign-in button.other:hover { background: none; }
.sign-in .quiet { color: var(--ds-text-subtle, #505258); }
.sign-in .problem { color: var(--ds-text-danger, #ae2e24); }
`;

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, text = '', look = ''): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.textContent = text;
  if (look) made.className = look;
  return made;
}

export class SignIn {
  #shown: Promise<void> | undefined;

  constructor(
    private readonly place: Place,
    private readonly session: Session,
    private readonly say: Say,
  ) {}

  /** Until somebody is signed in. Those who ask meanwhile wait with the first. */
  ask(): Promise<void> {
    this.#shown ??= this.#show().finally(() => (this.#shown = undefined));
    return this.#shown;
  }

  #show(): Promise<void> {
    addLook(kLook);
    const root = document.getElementById('root');
    const main = element('main', '', 'sign-in');
    const status = element('p', '', 'quiet');
    status.setAttribute('role', 'status');
    const form = document.createElement('form');
    form.className = 'sign-in';
    const button = element('button');
    button.type = 'submit';
    const field = this.#field();
    const other = element('button', '', 'other');
    other.type = 'button';
    main.append(element('h1', this.say('sign_in.title')), element('p', this.say('sign_in.why')), form, status);
    let typed = this.place.signIn === 'typed';
    const arrange = () => {
      button.textContent = this.say(typed ? 'sign_in.typed_button' : 'sign_in.button');
      other.textContent = this.say(typed ? 'sign_in.with_window' : 'sign_in.with_token');
      // Where there is no window to go to, there is nothing to choose.
      form.replaceChildren(...(typed ? field.parts : []), button, ...(this.place.signIn === 'oauth' ? [other] : []));
    };
    arrange();
    if (root) root.hidden = true;
    document.body.append(main);
    return new Promise((resolve) => {
      const end = () => {
        document.removeEventListener('visibilitychange', look);
        main.remove();
        if (root) root.hidden = false;
        resolve();
      };
      // Signed in beside another ticket meanwhile: the cookie is there, and nobody is asked twice.
      const look = () => {
        if (document.visibilityState === 'visible') void this.session.refresh().then((problem) => problem || end());
      };
      document.addEventListener('visibilitychange', look);
      other.addEventListener('click', () => {
        typed = !typed;
        status.textContent = '';
        arrange();
        (typed ? field.input : button).focus();
      });
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        if (button.getAttribute('aria-disabled') === 'true') return;
        button.setAttribute('aria-disabled', 'true');
        status.className = 'quiet';
        status.textContent = this.say(typed ? 'sign_in.checking' : 'sign_in.waiting');
        void this.#attempt(typed ? field.input.value : undefined).then((problem) => {
          button.removeAttribute('aria-disabled');
          if (problem) {
            status.className = 'problem';
            status.textContent = this.say(`sign_in.${problem}`);
            return;
          }
          end();
        });
      });
    });
  }

  #field(): { input: HTMLInputElement; parts: HTMLElement[] } {
    const label = element('label', this.say('sign_in.token'));
    const input = document.createElement('input');
    Object.assign(input, { type: 'password', required: true, autocomplete: 'off', maxLength: 1024 });
    label.append(input);
    return { input, parts: [label, element('p', this.say('sign_in.token_hint'), 'quiet')] };
  }

  async #attempt(typed: string | undefined): Promise<SignInProblem | undefined> {
    if (typed !== undefined) return this.session.withTyped(typed.trim());
    const outcome = await codeFromWindow(this.place);
    if (outcome === 'blocked' || outcome === 'closed' || outcome === 'refused' || outcome === 'unreachable') return outcome;
    return this.session.withCode(outcome);
  }
}
