// A walk through the states of a page, each judged on the way.
import { appFrame } from './house.mjs';
import { axeClean, fits, inFrench, picture, turn } from './look.mjs';

export const languages = [['en', 'en-US'], ['fr', 'fr-FR']];

/**
 * Shows `path` of `house` to `person` in both languages, and judges each of `states` in both themes, one after the other on the same page:
 * {what, prepare(frame, language, tab), pictures: {'en-light': name, …}, whole}. A picture is of the app's frame, or of the whole tab. What is kept
 * in English, light, is kept in French as well, under `<name>-fr`.
 */
export async function tour(house, person, path, states, { width, height = 1500, scale = 1.5 } = {}) {
  for (const [language, locale] of languages) {
    await house.prefer(person.accountId, { locale, theme: 'light' });
    const tab = await house.visit(person, path, { axe: true, scale, width, height });
    const frame = await appFrame(tab);
    for (const { what, prepare = async () => {}, pictures = {}, whole = false } of states) {
      await prepare(frame, language, tab);
      await tab.mouse.move(0, 0);
      for (const theme of ['dark', 'light']) {
        await turn(tab, theme);
        await axeClean(frame, `${what}, ${language}, ${theme}`);
        const name = { 'fr-light': inFrench(pictures['en-light']), ...pictures }[`${language}-${theme}`];
        if (name) await picture(name, whole ? tab : tab.locator('iframe.forge'));
      }
      await fits(frame, `${what}, ${language}`);
    }
    await tab.context().close();
  }
  await house.prefer(person.accountId, { locale: 'en-US', theme: 'light' });
}

/** The frame of a page beside nothing, on a telephone. */
export const kNarrow = { width: 360, height: 1500, scale: 1 };
export const narrow = (states) => states.map(({ what, prepare, pictures }) => ({ what: `${what}, narrow`, prepare, pictures: { 'fr-light': `${pictures['en-light']}-narrow-fr` } }));
