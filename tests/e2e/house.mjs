// A whole small world with browsers in it: the real binaries, the built pages, real Chromium, and people who sit before it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../harness/program.mjs';
import { scratchPlace } from '../harness/scratch.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import { takesPictures } from './look.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const catalogues = Object.fromEntries(['en', 'fr'].map((language) => [language, JSON.parse(readFileSync(join(root, `i18n/${language}.json`), 'utf8'))]));

/** A name as it stands in a sentence of a page: its direction is its own. */
export const isolated = (name) => `\u2068${name}\u2069`;

/** A sentence of i18n/<language>.json with its values, as the pages say it. */
export function say(language, key, values = {}) {
  const text = catalogues[language][key];
  assert.ok(text, `i18n/${language}.json has no ${key}`);
  return text.replace(/(?<!\{)\{([A-Za-z]+)\}(?!\})/g, (whole, name) => String(values[name] ?? whole));
}

/** Some browsers say "Failed to load resource" for an answer that a page asked for and understood; everything else is a defect. */
const kUnderstood = /^Failed to load resource: the server responded with a status of 4\d\d/;

// A frame of another site is drawn by a process of its own, which knows the browser's scale and not that of the tab: with the tab's alone
// the app's page would be blurred in the pictures.
const kPictureScale = 2;

// Chromium throws away what is clicked in a frame of another site that has moved or grown within half a second, as the app's page does whenever
// its content changes. A person is slower than that, a test is not. The flag replaces Playwright's own list, so what tests need of that stands here too.
// The last four: pages of the browser's own for its address bar, and a process to spare, of which each new tab would start some and no test sees any. They cost more than
// the pages that are tested.
const kFeaturesOff = ['DiscardInputEventsToRecentlyMovedFrames', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose', 'MediaRouter', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'PreconnectToSearch', 'AvoidCorsURLLoaderRestartOnRedirect',
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'SpareRendererForSitePerProcess'];

// The app's frame is as high as its page, but grows a moment after it: until then the page scrolls inside of it, and what is aimed at lies elsewhere when the
// click comes. A person is slower than that.
const kLongestGrowing = 3_000;
export const grown = (inside, timeout) => until('the frame is as high as its page', () => inside.evaluate(() => self === top || (document.documentElement.scrollHeight <= innerHeight && scrollY === 0)), { timeout });

// While the page around a frame moves, a busy Chromium may give a press to that page instead: then nothing of it reaches the frame. And the bar with Save moves by
// itself when it comes into sight: when that is between the mouse's going down and up, Chromium gives the click to the nearest element that contains both places.
// Gives what tells whether the press has come; anywhere but on that bar it has when anything in the frame was pressed.
const kLongestPress = 1_000;
async function listenForPress(inside) {
  const element = await inside.elementHandle();
  await element.evaluate((named) => {
    const aim = named.closest('button, [role=button], a, [role=link]') ?? named;
    const press = { heard: false, reached: false };
    named.press = press;
    named.ownerDocument.addEventListener('click', (event) => {
      press.heard = true;
      press.reached ||= aim.closest('.save-place') === null || event.composedPath().includes(aim);
    }, { capture: true });
  });
  // What has left the page meanwhile may have been drawn anew, and pressed as that.
  const seen = () => element.evaluate(({ press, isConnected }) => press.reached || (press.heard && !isConnected)).catch(() => true);   // the page has gone to another
  return () => until('the press has come', seen, { timeout: kLongestPress }).then(() => true, () => false);
}

function clickWhatStandsStill(page) {
  const locators = Object.getPrototypeOf(page.locator('body'));
  const { click } = locators;
  if (click.waits) return;
  locators.click = async function clickOnceGrown(...options) {
    await grown(this, kLongestGrowing).catch(() => {});   // then the click says what is wrong
    const hasCome = await listenForPress(this).catch(() => undefined);
    await click.apply(this, options);
    if (!hasCome || await hasCome()) return;
    console.error(`pressed again: ${this}`);
    await click.apply(this, options);
  };
  locators.click.waits = true;
}

export class House {
  /** As World.open, or as `open` of another world. `partitioned`: what a frame keeps belongs to the site around it, and third-party cookies are blocked. */
  static async open({ open = (options) => World.open(options), partitioned = false, ...options } = {}) {
    const house = new House();
    house.world = await open({ place: scratchPlace(), ...options });
    const off = partitioned ? kFeaturesOff.filter((feature) => feature !== 'ThirdPartyStoragePartitioning') : kFeaturesOff;
    try {
      house.browser = await chromium.launch({
        executablePath: process.env.BELAY_CHROMIUM ?? '/usr/bin/chromium',
        args: [...(takesPictures ? [`--force-device-scale-factor=${kPictureScale}`] : []), '--no-sandbox', `--disable-features=${off.join(',')}`, ...(partitioned ? ['--test-third-party-cookie-phaseout'] : []), '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
      });
    } catch (error) {
      await house.world.close().catch(() => {});
      throw error;
    }
    return house;
  }

  complaints = [];
  contexts = new Set();

  get site() {
    return this.world.sandbox.addresses.site;
  }

  /** An address of the app in Jira: what stands before the ids of app and environment decides which page. */
  #address(before) {
    const { forge_app_id: app, environment_id: environment } = this.world.sandbox.addresses;
    return `${before}/${app.split('/').at(-1)}/${environment}`;
  }

  get personalPage() { return this.#address('/jira/settings/personal/apps'); }
  get ownPage() { return this.#address('/jira/apps'); }
  projectPage(key = this.world.seed.project.key) { return this.#address(`/jira/software/projects/${key}/settings/apps`); }
  queuePage(key = this.world.seed.project.key) { return this.#address(`/jira/servicedesk/projects/${key}/queues/apps`); }
  get adminPage() { return this.#address('/jira/settings/apps'); }

  /** What Jira keeps about a person: theme "light" or "dark", locale "en-US" or "fr-FR". */
  prefer(accountId, preferences) {
    return this.world.sandbox.change({ jira: { people: { [accountId]: preferences } } });
  }

  /** A browser of its own. `axe`: put into every page, before the page's own scripts and past its policy. */
  async browserOf({ width = 1280, height = 900, scale = 1, axe: withAxe = false, clipboard = false, ...options } = {}) {
    const context = await this.browser.newContext({ viewport: { width, height }, deviceScaleFactor: takesPictures ? kPictureScale : scale, locale: 'en-GB', ...options });
    context.setDefaultTimeout(30_000);   // patience, no figure: the machine may be busy
    if (withAxe) await context.addInitScript({ content: axe });
    if (clipboard) await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    this.contexts.add(context);
    context.on('close', () => this.contexts.delete(context));
    context.on('page', (page) => this.#listen(page));
    return context;
  }

  #listen(page) {
    clickWhatStandsStill(page);
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' ? !kUnderstood.test(text) : /Content Security Policy|Refused to/.test(text)) this.complaints.push(`${page.url()}: ${text}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.stack}`));
  }

  /** Somebody at a page of the site, in a browser of their own (or in `context`): the tab. */
  async visit(person, path, { context: given, ...options } = {}) {
    const context = given ?? await this.browserOf(options);
    const tab = await context.newPage();
    const address = new URL(path, this.site);
    address.searchParams.set('as', person.accountId);
    await tab.goto(address.href);
    return tab;
  }

  /** Closes every browser, and fails when a page wrote an error to its console or broke its policy. For afterEach. */
  async rest() {
    await Promise.all([...this.contexts].map((context) => context.close()));
    assert.deepEqual(this.complaints.splice(0), [], 'nothing on any console');
  }

  async close() {
    await this.browser?.close();
    await this.world?.close();
  }
}

/** The app's page inside the Jira page: its frame. */
export async function appFrame(tab) {
  const frame = await (await tab.waitForSelector('iframe.forge')).contentFrame();
  await frame.waitForSelector('main');
  return frame;
}
