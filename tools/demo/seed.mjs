// Makes the demo's site ready to work with, as an admin and an agent would: over the same HTTP calls, with nobody at a browser.
import { Caller } from '../../tests/harness/caller.mjs';
import { allowRemote, pair } from '../../tests/harness/doors.mjs';
import { link } from '../../tests/harness/linking.mjs';

/** Points the Forge app at the server, pairs them, and links the first agent's TeamViewer account. Gives the agent. */
export async function seedSite({ sandbox, belayd, publicUrl, seed }) {
  await allowRemote({ sandbox, publicUrl });
  const as = (person, page) => new Caller({ sandbox, server: () => belayd, account: person.accountId, page });
  await pair({ belayd, admin: as(seed.admin, 'admin'), site: sandbox.addresses.site });

  const [agent] = seed.agents;
  const { accounts } = (await sandbox.state()).teamviewer;
  await link(as(agent, 'account'), { account: accounts.find(({ email }) => email === agent.teamviewer.email).id });
  return agent;
}
