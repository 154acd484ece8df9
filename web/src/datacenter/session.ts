/*
 * Who is signed in: a token of ten minutes in this page's memory, and a cookie that no script reads, with which the next one comes
 * (docs/datacenter.md, "Sign-in").
 */
import { folderOf, type Place } from './place';

export interface Account {
  id: string;
  name: string;
  /** What they sign in to Jira with. */
  login: string;
  /** As Jira has it, `fr_FR`; empty where it did not say. */
  language: string;
  /** `Europe/Paris`; the same. */
  timeZone: string;
}

interface Granted {
  token: string;
  /** Milliseconds from when it came. */
  life: number;
  came: number;
  account: Account;
}

export type SignInProblem = 'refused' | 'unreachable' | 'closed';

/** What is asked of it: a bearer token; or that nobody is signed in; or that the server did not say. */
export class Session {
  #granted: Granted | undefined;
  #known = false;
  #asking: Promise<SignInProblem | undefined> | undefined;

  constructor(private readonly place: Place) {}

  get account(): Account | undefined {
    return this.#granted?.account;
  }

  /** One that lives a while yet; asks with the cookie when there is none. `nobody`: the server knows of no sign-in here. */
  async token(): Promise<{ token: string } | 'nobody' | 'unreachable'> {
    const problem = this.#fresh() ? undefined : await this.refresh();
    if (this.#granted && !problem) return { token: this.#granted.token };
    return problem === 'unreachable' ? 'unreachable' : 'nobody';
  }

  /** Somebody was signed in at this page before. */
  get known(): boolean {
    return this.#known;
  }

  /** With the cookie. Several who ask at the same time ask once. */
  refresh(): Promise<SignInProblem | undefined> {
    this.#asking ??= this.#ask({ grant: 'refresh' }).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  withCode(code: string): Promise<SignInProblem | undefined> {
    return this.#ask({ grant: 'code', code });
  }

  withTyped(token: string): Promise<SignInProblem | undefined> {
    return this.#ask({ grant: 'typed', token });
  }

  /** The server does not take it any more. */
  forget(): void {
    this.#granted = undefined;
  }

  /** In this browser, as far as pages of this place see it. False: the server did not answer, and knows of the sign-in still. */
  async signOut(): Promise<boolean> {
    this.forget();
    const answer = await fetch(`${folderOf(this.place)}/token`, { method: 'DELETE' }).catch(() => undefined);
    return answer?.ok ?? false;
  }

  #fresh(): boolean {
    const granted = this.#granted;
    return granted !== undefined && performance.now() - granted.came < granted.life - 30_000;
  }

  async #ask(body: object): Promise<SignInProblem | undefined> {
    try {
      const answer = await fetch(`${folderOf(this.place)}/token`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      if (!answer.ok) {
        this.#granted = undefined;
        return answer.status >= 500 ? 'unreachable' : 'refused';
      }
      const { token, now, until, account } = (await answer.json()) as { token: string; now: string; until: string; account: Account };
      this.#granted = { token, life: Date.parse(until) - Date.parse(now), came: performance.now(), account };
      this.#known = true;
      return undefined;
    } catch {
      return 'unreachable';
    }
  }
}

const kNonceBytes = 24;
const kLookMs = 500;

/** What becomes of a window at Jira: a code, or why there is none. `given_up`: the page asked anew, or needs no answer any more. */
export type Brought = { code: string } | { problem: SignInProblem | 'given_up' };

interface Going {
  /** The browser opened no window. Whoever follows this address by hand brings the code all the same. */
  onBlocked: (address: string) => void;
  over: AbortSignal;
}

/** A window at Jira, and the code that it brings back. */
export function codeFromWindow(place: Place, { onBlocked, over }: Going): Promise<Brought> {
  const nonce = [...crypto.getRandomValues(new Uint8Array(kNonceBytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const address = `${folderOf(place)}/signin?nonce=${nonce}`;
  const opened = window.open(address, '_blank', 'popup,width=560,height=720');
  if (!opened) onBlocked(address);
  return new Promise((resolve) => {
    const end = (brought: Brought) => {
      window.removeEventListener('message', hear);
      clearInterval(looking);
      resolve(brought);
    };
    // From our own origin, with what only that window was told; and from that very window, where we opened it ourselves.
    const hear = ({ origin, source, data }: MessageEvent<unknown>) => {
      if (origin !== window.location.origin || (opened && source !== opened) || typeof data !== 'object' || data === null) return;
      const { belay, nonce: theirs, code } = data as Record<string, unknown>;
      if (belay !== 'signed-in' || theirs !== nonce || typeof code !== 'string') return;
      (source as Window | null)?.postMessage({ belay: 'heard' }, origin);
      end({ code });
    };
    window.addEventListener('message', hear);
    const looking = setInterval(() => opened?.closed && end({ problem: 'closed' }), kLookMs);
    over.addEventListener('abort', () => end({ problem: 'given_up' }), { once: true });
  });
}
