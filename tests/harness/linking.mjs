// Linking as a person does it: from the personal page over TeamViewer's consent page back to the personal page.
import { Visitor, formsOf } from './http.mjs';

/** What the page is told: behind its address in Cloud, as `at` beside a Jira Data Center. */
const at = (location) => new URL(location).searchParams.get('at') ?? new URL(location).pathname;

/** What the browser's address says after the provider sent it back. */
function arrival(location) {
  const [, word, value] = at(location).match(/\/(finish|problem)\/([^/]+)$/) ?? [];
  if (!word) throw new Error(`the browser was not brought back to the personal page, but to ${location}`);
  return { location, token: word === 'finish' ? value : undefined, problem: word === 'problem' ? value : undefined };
}

/** The consent page that `startUrl` leads to. */
export async function openConsent(startUrl, visitor = new Visitor()) {
  const page = await visitor.follow(startUrl);
  const form = formsOf(page).find(({ fields, buttons }) => 'client_id' in fields && buttons.some(({ name }) => name === 'decision'));
  if (!form) throw new Error(`no consent page at ${page.url}: ${page.status} ${page.text.slice(0, 400)}`);
  return { visitor, form };
}

/** Presses Allow as `account` (a TeamViewer account's id) or Deny. Gives {location, token?, problem?} of the personal page. */
export async function decide({ visitor, form }, { account, decision = 'allow' }) {
  const body = new URLSearchParams({ ...form.fields, ...(account ? { account } : {}), decision });
  const onSite = (location) => /\/(finish|problem)\/[^/]+$/.test(at(location));
  const answer = await visitor.follow(form.action, { method: 'POST', body, stop: onSite });
  if (!answer.location) throw new Error(`the consent page did not lead back: ${answer.status} ${answer.text.slice(0, 400)}`);
  return arrival(answer.location);
}

/** From **Connect** to the parked grant. `caller` stands on the account page. */
export async function consent(caller, { account, decision, access }) {
  const { url } = await caller.with({ page: 'account', issue: undefined }).expect(200, 'POST', '/v1/account/start', access ? { access } : {});
  return decide(await openConsent(url), { account, decision });
}

/** The whole way, **Finish connecting** included. Gives the account as belayd answers it. `access: 'reports'`: leave to read the linked account's records. */
export async function link(caller, { account, access }) {
  const { token, problem } = await consent(caller, { account, access });
  if (!token) throw new Error(`linking ended with ${problem}`);
  return caller.with({ page: 'account', issue: undefined }).expect(200, 'POST', '/v1/account/finish', { token });
}
