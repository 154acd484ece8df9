// What people do on the pages, by the labels of the buttons.
import assert from 'node:assert/strict';
import { until } from '../harness/wait.mjs';
import { say } from './house.mjs';

export const code = /s\d{2,3}-\d{3}-\d{3}/;

/** The row of the only session, or of the one with this code, in this state (English). */
export const row = (panel, { code: wanted = '', state = '' } = {}) => panel.getByRole('listitem', { name: new RegExp(`${wanted}.*, ${state}`) });

/** Fills the form in and sends it. Gives the session's row once both steps are done. */
export async function createSession(panel, { customer, name, email, description, validity, invitation, language = 'en' } = {}) {
  const label = (key) => panel.getByLabel(say(language, key), { exact: true });
  await panel.getByRole('button', { name: say(language, 'create.session') }).click();
  const form = panel.getByRole('form');
  await form.waitFor();
  if (customer) await label('create.customer').selectOption({ label: customer });
  if (name) await label('create.name').fill(name);
  if (email) await label('create.email').fill(email);
  if (description) await label('create.description').fill(description);
  if (validity) await label('create.validity').selectOption({ label: validity });
  if (invitation) await label('create.invitation').selectOption({ label: invitation });
  await form.getByRole('button', { name: say(language, 'create.session') }).click();
  await form.waitFor({ state: 'detached' });
  return panel.getByRole('list').getByRole('listitem').filter({ has: panel.getByText(say(language, 'step.session.done')) }).first();
}

/** One entry of a session's menu. */
export async function choose(session, label, language = 'en') {
  await session.getByRole('button', { name: new RegExp(say(language, 'session.actions', { code: '' })) }).click();
  await session.getByRole('menuitem', { name: label, exact: true }).click();
}

/** Jira asks before an app opens another site. Gives the new tab that comes. */
export async function leaveJira(tab, begin) {
  const opened = tab.context().waitForEvent('page');
  await begin();
  const dialog = tab.getByRole('dialog', { name: 'You are leaving Jira' });
  await dialog.getByRole('button', { name: 'Continue' }).click();
  const page = await opened;
  await page.waitForLoadState();
  return page;
}

export async function codeOf(session) {
  const [found] = (await session.innerText()).match(code) ?? [];
  assert.ok(found, 'the row shows a code');
  return found;
}

/** As `leaveJira`, but whichever tab the provider's page comes in. */
export const leaveHere = leaveJira;
