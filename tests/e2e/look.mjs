// How a page looks: clean under axe in light and dark, nothing cut off, and kept as a picture when BELAY_PICTURES=1 (in docs/pictures) or
// names a folder.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../harness/program.mjs';

const { BELAY_PICTURES: wanted } = process.env;
export const takesPictures = Boolean(wanted);
const folder = wanted === '1' ? join(root, 'docs/pictures') : wanted;

const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], iframes: false };

/** axe finds nothing in this frame. The frame's browser was opened with `axe: true`. */
export async function axeClean(frame, what) {
  const { violations } = await frame.evaluate((options) => {
    // Colours that fade would be judged half-way.
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
    return window.axe.run(document, options);
  }, rules);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`), [], what);
}

/** Changes the theme of a page that is open, as Jira does when somebody switches it. */
export async function turn(tab, theme) {
  for (const frame of tab.frames()) {
    // Colours that fade would be judged half-way.
    await frame.evaluate((mode) => {
      document.documentElement.dataset.colorMode = mode;
      for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
    }, theme);
  }
}

/** Nothing in this frame is wider than the frame, so that nobody has to scroll sideways; and no words are squeezed into a column of letters. */
export async function fits(frame, what) {
  const wide = await frame.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const inside = (element) => element.closest('.scroll, .visually-hidden, svg') !== null;
    return [...document.querySelectorAll('body *')]
      .filter((element) => !inside(element) && element.getClientRects().length > 0)
      .filter((element) => element.getBoundingClientRect().right > limit + 0.5 || element.getBoundingClientRect().left < -0.5)
      .map((element) => `${element.tagName} ${element.className} "${element.textContent.slice(0, 40)}" ${Math.round(element.getBoundingClientRect().right)} > ${limit}`);
  });
  assert.deepEqual(wide, [], `${what}: nothing sticks out`);
  const squeezed = await frame.evaluate(() => [...document.querySelectorAll('body *')]
    .filter((element) => [...element.childNodes].some(({ nodeType, data = '' }) => nodeType === Node.TEXT_NODE && data.trim().length > 5))
    .filter((element) => element.closest('.visually-hidden') === null && element.clientHeight > 4 * element.clientWidth && element.clientWidth > 0)
    .map((element) => `${element.tagName} "${element.textContent.slice(0, 40)}" ${element.clientWidth} by ${element.clientHeight}`));
  assert.deepEqual(squeezed, [], `${what}: nothing is to be read letter below letter`);
}

/** What the French twin of an English picture is called; tests/pictures.test.mjs holds the guides to it. */
export const inFrench = (name) => name && `${name}-fr`;

/** Keeps a picture of `target` (a tab, or a locator in it). */
export async function picture(name, target, options = {}) {
  if (!takesPictures) return;
  mkdirSync(folder, { recursive: true });
  await target.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide', ...options });
}

/** The app's page in both themes: axe finds nothing, nothing sticks out; kept as a picture in the light one, and where `dark` is wanted in the dark too. */
export async function looks(tab, panel, name, language, { dark = false } = {}) {
  const kept = language === 'fr' ? inFrench(name) : name;
  for (const theme of ['dark', 'light']) {
    await turn(tab, theme);
    await axeClean(panel, `${name}, ${theme}`);
    if (dark && theme === 'dark') await picture(`${kept}-dark`, tab.locator('iframe.forge'));
  }
  await fits(panel, name);
  await picture(kept, tab.locator('iframe.forge'));
}
