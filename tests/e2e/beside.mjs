// A Jira Data Center or Server, in a browser: its pages, the panel that the plugin puts into them, signing in there, and the way to an account at TeamViewer.
import { until } from '../harness/wait.mjs';
import { say } from './house.mjs';

export const button = (page, key, language = 'en') => page.getByRole('button', { name: say(language, key), exact: true });
const tabOf = (page) => page.page?.() ?? page;

/** What `begin` opens: a window or a tab of the same browser. */
export async function opens(page, begin) {
  const opened = tabOf(page).context().waitForEvent('page');
  await begin();
  return opened;
}

export class Beside {
  /** `name`: of the site in the seed, "dc" or "server". */
  constructor(house, name) {
    this.house = house;
    this.name = name;
  }

  get url() { return this.house.world.sandbox.addresses.datacenter[this.name]; }
  get typesTokens() { return this.name === 'server'; }

  change(change) {
    return this.house.world.sandbox.change({ datacenter: { [this.name]: change } });
  }

  /** How it stands in Jira. */
  async issue(key) {
    const { sites } = (await this.house.world.sandbox.state()).datacenter;
    return sites.find(({ name }) => name === this.name).issues.find((issue) => issue.key === key);
  }

  /** Somebody at a page of this Jira, in a browser of their own, or in `context`. */
  async visit(person, path, { context, ...options } = {}) {
    const tab = await (context ?? await this.house.browserOf(options)).newPage();
    await tab.goto(`${this.url}${path}${path.includes('?') ? '&' : '?'}as=${person.name}`);
    return tab;
  }

  /** The page in the panel's frame. */
  async panelOf(tab) {
    const frame = await (await tab.waitForSelector('.belay-panel iframe')).contentFrame();
    await frame.waitForSelector('main >> visible=true');
    return frame;
  }

  /** What asks who somebody is. */
  asks(page, language = 'en') {
    return this.typesTokens ? page.getByLabel(say(language, 'sign_in.token')) : button(page, 'sign_in.button', language);
  }

  async signIn(page, language = 'en') {
    await this.asks(page, language).waitFor();
    await (this.typesTokens ? this.#typeToken(page, language) : this.#allow(page, language));
    await this.asks(page, language).waitFor({ state: 'detached' }).catch(async (error) => {
      throw new Error(`still asked who somebody is: ${(await page.locator('main').allInnerTexts()).join(' ')}`, { cause: error });
    });
  }

  async #allow(page, language) {
    const window = await opens(page, () => button(page, 'sign_in.button', language).click());
    await window.getByRole('button', { name: 'Allow' }).click();
    await until('the window has gone', () => window.isClosed());
  }

  /** A personal access token, made in Jira and typed in where it is asked for. */
  async #typeToken(page, language) {
    const profile = await tabOf(page).context().newPage();
    await profile.goto(`${this.url}/secure/ViewProfile.jspa`);
    await profile.getByRole('button', { name: 'Create token' }).click();
    const token = await profile.locator('code').innerText();
    await profile.close();
    await page.getByLabel(say(language, 'sign_in.token')).fill(token);
    await button(page, 'sign_in.typed_button', language).click();
  }

  /**
   * An account at TeamViewer, from the panel's Connect over the personal page; with leave to bring results back. That page stands outside of Jira's frame, where
   * the browser keeps nothing of what it has within: it asks who somebody is too.
   */
  async connect(panel, person, language = 'en') {
    const page = await opens(panel, () => button(panel, 'panel.connect', language).click());
    await this.signIn(page, language);
    await consent(page, person, { begin: 'account.connect', finish: 'account.finish' }, language);
    const last = await consent(page, person, { begin: 'reports_access.allow', finish: 'reports_access.finish' }, language);
    await last.getByText(say(language, 'reports_access.finished')).first().waitFor();
    for (const one of [page, last]) await one.close();
  }
}

/** From `begin` on our page over TeamViewer's to `finish`, all of it in a tab of its own, that is given. */
async function consent(page, person, { begin, finish }, language) {
  const provider = await opens(page, () => button(page, begin, language).click());
  await provider.getByLabel(new RegExp(person.displayName)).first().check();
  await provider.getByRole('button', { name: 'Allow' }).click();
  await button(provider, finish, language).click();
  await button(provider, finish, language).waitFor({ state: 'detached' });
  await button(page, 'account.disconnect', language).waitFor();
  return provider;
}
