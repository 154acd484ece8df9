/*
 * What Jira's own page around the frame looks like, as the plugin's script there says it, and how high the frame is to be. Only Jira's origin is
 * listened to, and only the window around us.
 */
export interface Surroundings {
  theme: 'light' | 'dark';
  locale: string;
  timeZone: string;
  /** Whom Jira's page is shown to, as they sign in; empty where it does not say. */
  user: string;
}

/** Nobody waits longer for a script that may not be there. */
const kPatienceMs = 700;

interface Message {
  belay: string;
  theme?: unknown;
  locale?: unknown;
  timeZone?: unknown;
  user?: unknown;
}

const isOurs = (data: unknown): data is Message => typeof data === 'object' && data !== null && typeof (data as Message).belay === 'string';

export class Frame {
  #known: Surroundings = {
    theme: window.matchMedia?.('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
    locale: navigator.language,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    user: '',
  };
  #told: Promise<void>;
  #changed: () => void = () => undefined;

  /** `jira`: its origin. */
  constructor(private readonly jira: string) {
    this.#told = this.alone ? Promise.resolve() : this.#listen();
  }

  /** Said once, and kept as it changes. */
  async surroundings(): Promise<Surroundings> {
    await this.#told;
    return this.#known;
  }

  /** No page of Jira's stands around it. */
  get alone(): boolean {
    return window.parent === window;
  }

  whenChanged(changed: () => void): void {
    this.#changed = changed;
  }

  #listen(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, kPatienceMs);
      window.addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
        if (source !== window.parent || origin !== this.jira || !isOurs(data) || data.belay !== 'surroundings') return;
        this.#known = {
          theme: data.theme === 'dark' ? 'dark' : 'light',
          locale: typeof data.locale === 'string' && data.locale ? data.locale : this.#known.locale,
          timeZone: typeof data.timeZone === 'string' && data.timeZone ? data.timeZone : this.#known.timeZone,
          user: typeof data.user === 'string' ? data.user : '',
        };
        clearTimeout(late);
        resolve();
        this.#changed();
      });
      this.#say({ belay: 'hello' });
    });
  }

  #say(message: object): void {
    if (!this.alone) window.parent.postMessage(message, this.jira);
  }

  /** The frame is as high as what is in it. */
  reportHeight(): void {
    let reported = 0;
    const report = () => {
      const px = Math.ceil(Math.max(document.body.offsetHeight, document.body.scrollHeight));
      if (px !== reported) this.#say({ belay: 'height', px: (reported = px) });
    };
    let due = false;
    const soon = () => {
      if (due) return;
      due = true;
      setTimeout(() => {
        due = false;
        report();
      });
    };
    // A frame that is out of sight is not drawn: no animation frame and no resize comes there, and once in sight it would jump.
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, attributes: true });
    new ResizeObserver(report).observe(document.body);
    report();
  }

  /** Jira's own page goes there; a frame cannot take it along. False where the browser opened nothing. */
  go(url: string, newTab: boolean): boolean {
    if (!newTab) return window.open(url, '_top') !== null;
    // With `noopener` nobody is told whether anything was opened.
    const opened = window.open(url, '_blank');
    if (opened) opened.opener = null;
    return opened !== null;
  }
}
