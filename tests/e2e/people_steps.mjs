// Panels on one issue and one person of it, whose standing is brought about by what somebody does in Jira or at TeamViewer. With
// BELAY_PICTURES=1 a picture of what is judged. The state is that of one test file, which is a process of its own.
import { freshSeed } from '../harness/seed.mjs';
import { House, appFrame, say } from './house.mjs';
import { axeClean, fits, inFrench, picture, turn } from './look.mjs';

// Patience in milliseconds, not the promise: a page asks every 8 s, so that a change shows within ten; a busy machine takes its time over it.
export const kLive = 20_000;
export const provider = 'TeamViewer';
const languages = ['en', 'fr'];
export let house;
export let agent;
export let person;   // the reporter of the issue
export let issue;

export const rowOf = (panel, who = person) => panel.getByRole('listitem', { name: who.name, exact: true });
export const standing = (panel, language, name, who = person) => rowOf(panel, who).getByText(say(language, `standing.${name}`), { exact: true });
export const button = (panel, language, key, who = person) => rowOf(panel, who).getByRole('button', { name: say(language, key), exact: true });
export const jira = (change, who = person) => house.world.sandbox.change({ jira: { people: { [who.accountId]: change } } });
export const teamviewer = (change) => house.world.sandbox.change({ teamviewer: change });
export const here = () => `/browse/${issue.key}`;

export async function begin(change) {
  house = await House.open({ seed: freshSeed(change) });
  const { seed } = house.world;
  [agent] = seed.agents;
  issue = seed.issue;
  person = seed.people.find(({ accountId }) => accountId === issue.reporter);
  await house.world.linkedAgent(0);
}
export const end = () => house?.close();
/** The person has another address, in Jira too. */
export async function moves(email) {
  person = { ...person, email };
  await jira({ email });
}

/** The same panel in both languages, in two tabs that stay open. */
export async function bothPanels(options = {}) {
  const panels = [];
  for (const language of languages) {
    await house.prefer(agent.accountId, { locale: language === 'fr' ? 'fr-FR' : 'en-US', theme: 'light' });
    const tab = await house.visit(agent, here(), { axe: true, width: 390, height: 2600, ...options });
    panels.push({ language, tab, frame: await appFrame(tab) });
  }
  await house.prefer(agent.accountId, { locale: 'en-US' });
  return panels;
}

/** Judged in both themes, in both languages; kept as a picture of this name in each language, and where `dark` is wanted in the dark too. */
export async function judge(panels, name, { kept = true, dark = false } = {}) {
  const pictures = { en: name, fr: inFrench(name) };
  for (const { language, tab, frame } of panels) {
    await tab.mouse.move(0, 0);
    for (const theme of ['dark', 'light']) {
      await turn(tab, theme);
      await axeClean(frame, `${name}, ${language}, ${theme}`);
      if (dark && theme === 'dark') await picture(`${pictures[language]}-dark`, tab.locator('iframe.forge'));
    }
    await fits(frame, `${name}, ${language}`);
    if (kept) await picture(pictures[language], tab.locator('iframe.forge'));
  }
}

/** What somebody does at TeamViewer, on its own pages. */
export async function atTeamViewer(path, act) {
  const context = await house.browserOf();
  const tab = await context.newPage();
  await tab.goto(new URL(path, house.world.sandbox.addresses.teamviewer_authorize).href);
  await act(tab);
  await context.close();
}
const accountOf = async (who = person) => (await house.world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === who.email).id;
export const goes = async (presence) => atTeamViewer(`/accounts/${await accountOf()}`, async (tab) => {
  await tab.getByLabel(presence, { exact: true }).check();
  await tab.getByRole('button', { name: 'Save presence' }).click();
  await tab.waitForLoadState();
});

export const shows = (panels, name) => Promise.all(panels.map(({ frame, language }) => standing(frame, language, name).waitFor({ timeout: kLive })));
