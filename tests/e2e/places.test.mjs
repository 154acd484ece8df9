// The whole job in each place in which Belay stands, from a ticket that somebody opens to what came of it on that ticket: the same steps everywhere, in Chromium.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { say } from './house.mjs';
import { nameOf, places } from './places.mjs';
import { choose, codeOf, createSession, row } from './steps.mjs';

/** Patience in milliseconds: a panel asks every 8 s, and a busy machine takes its time over it. */
const kComes = { timeout: 30_000 };
const words = { notes: 'Driver replaced.', comment: 'Quick and kind' };

let place;
afterEach(async () => {
  try {
    await place?.house?.rest();
  } finally {
    await place?.house?.close();
  }
});

/** Somebody who is there is reached with one press. */
async function reach({ tab, panel }) {
  const contact = panel.getByRole('listitem', { name: nameOf(place.contact), exact: true });
  await contact.getByText(say('en', 'standing.online'), { exact: true }).waitFor(kComes);
  const launched = await place.leave(tab, () => contact.getByRole('button', { name: say('en', 'mode.chat'), exact: true }).click());
  await launched.getByText('The client would start').first().waitFor();
  assert.ok((await launched.locator('body').innerText()).includes(nameOf(place.contact)));
  await launched.close();
  await contact.getByText(say('en', 'person.launch_hint', { provider: 'TeamViewer' })).waitFor();
}

/** Gives the session's code, once its invitation is on the ticket. */
async function invite(agent) {
  const { panel } = agent;
  await panel.getByRole('listitem', { name: nameOf(place.customer), exact: true }).waitFor(kComes);
  const made = await createSession(panel);   // for who reported it, unless somebody else is chosen
  await made.getByText(say('en', 'step.invitation.done')).waitFor(kComes);
  const code = await codeOf(made);
  const invitation = await place.comment(agent, code);
  assert.ok(invitation.includes(nameOf(place.agent)), `it says who asks: ${invitation}`);
  return code;
}

/** For `minutes`, by the button of the row. */
async function help({ tab, panel }, code, minutes) {
  await row(panel, { code, state: say('en', 'state.customer_present') }).waitFor(kComes);
  const supporter = await place.leave(tab, () => row(panel, { code }).getByRole('button', { name: say('en', 'session.connect'), exact: true }).click());
  await supporter.getByRole('button', { name: 'Connect' }).click();
  await supporter.getByRole('group', { name: `${nameOf(place.agent)} is connected` }).waitFor();
  await row(panel, { code, state: say('en', 'state.in_progress') }).waitFor(kComes);
  place.house.world.clock.advance({ minutes });
  await supporter.getByRole('button', { name: 'End connection' }).click();
  await supporter.getByRole('button', { name: 'Connect' }).waitFor();
  await supporter.close();
  await tab.bringToFront();
}

async function close({ panel }, code) {
  const session = row(panel, { code });
  await choose(session, say('en', 'session.close'));
  await session.getByLabel(say('en', 'session.close_notes')).fill(words.notes);
  await session.getByRole('button', { name: say('en', 'session.close') }).click();
  await row(panel, { code, state: say('en', 'state.closed') }).waitFor(kComes);
}

async function rate(customer) {
  await customer.reload();
  await customer.getByRole('heading', { name: 'This session has ended' }).waitFor();
  await customer.getByLabel('5 of 5').check();
  await customer.getByLabel('Comment').fill(words.comment);
  await customer.getByRole('button', { name: 'Send rating' }).click();
  await customer.getByText('Thank you for your rating.').waitFor();
}

for (const [where, at] of places) {
  test(`${where}: signed in, connected, reached with one press; invited, joined, helped, ended; length, rating and notes are brought back, and the time is booked`, async () => {
    place = await at().open();
    await place.adminWantsTime();
    const arrived = await place.atTicket();
    await place.signIn(arrived);
    const agent = await place.connect(arrived);
    await reach(agent);
    const code = await invite(agent);

    const customer = await place.followLink(code);
    await customer.getByRole('heading', { name: `${nameOf(place.agent)} wants to help you` }).waitFor();
    await customer.getByRole('button', { name: 'Join' }).click();
    await customer.getByRole('heading', { name: 'You have joined the session' }).waitFor();
    await help(agent, code, 18);
    await close(agent, code);
    await rate(customer);
    place.house.world.clock.advance({ minutes: 2 });

    const result = row(agent.panel, { code, state: say('en', 'state.reported') });
    await result.waitFor(kComes);
    const shown = await result.innerText();
    for (const part of ['18 min', nameOf(place.agent), say('en', 'session.report.rating', { rating: 5 }), words.comment, words.notes]) assert.ok(shown.includes(part), `the row says ${part}: ${shown}`);

    const summary = place.internal
      ? say('en', 'report.summary.customer', { code, customer: nameOf(place.customer), time: '18 min', names: nameOf(place.agent) })
      : say('en', 'report.for_customer', { names: nameOf(place.agent), time: '18 min' });
    const written = await place.comment(agent, summary, { internal: place.internal });
    for (const part of [say('en', 'report.rating.comment', { rating: 5, comment: words.comment }), words.notes]) {
      // Where there are no internal comments the ticket has what the customer may read.
      assert.equal(written.includes(part), place.internal, `${part}: ${written}`);
    }
    assert.ok(!(await place.whatTheCustomerReads()).includes(words.notes), 'the notes are for the team');
    assert.deepEqual(await until('the time is booked', async () => {
      const all = await place.worked();
      return all.length > 0 && all;
    }), [[place.agentId, 18]]);
  });
}
