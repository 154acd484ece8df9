// One company, with the same people, projects and tickets in whatever Jira it has: as a seed of Jira Cloud, and as one of Jira Data Center or Server.

/** The tickets of each project are alike, so that a test takes one of its own; but of the last, on which much was said. */
export const kTickets = 30;
const kSummary = 'Colours come out too dark';
const kTeam = 'support-team';
const kAdmins = 'jira-administrators';

/** Who is who by what they are to the tickets. Whoever has no `email` shares none. */
const cast = {
  admin: { name: 'Ingrid Sørensen', user: 'isorensen', email: 'ingrid.sorensen@example.com', groups: [kAdmins] },   // of Jira, and no agent
  agent: { name: 'Tomás Ferreira', user: 'tferreira', email: 'tomas.ferreira@example.com', groups: [kTeam] },       // assignee
  colleague: { name: 'Camille Lefèvre', user: 'clefevre', email: 'camille.lefevre@example.com', groups: [kTeam] },
  keeper: { name: 'Søren Kjær', user: 'skjaer', email: 'soren.kjaer@example.com', groups: [] },                     // administers the projects, not Jira
  reporter: { name: 'Priya Raman', user: 'praman', email: 'priya.raman@example.com', groups: [] },                  // a contact of the agent's
  newcomer: { name: 'Lucía Gómez', user: 'lgomez', email: 'lucia.gomez@example.com', groups: [] },                  // commented, and nobody's contact
  silent: { name: 'Dmytro Kovalenko', user: 'dkovalenko', groups: [] },                                             // commented after them, and shares no address
  onlooker: { name: 'Wei Zhang', user: 'wzhang', email: 'wei.zhang@example.com', groups: [] },                      // sees the tickets, and no more
  stranger: { name: 'Milan Novák', user: 'mnovak', email: 'milan.novak@example.com', groups: [] },                  // does not see them
};
const roles = Object.keys(cast);
const peopleBy = (idOf) => Object.fromEntries(roles.map((role, n) => [role, { ...cast[role], role, id: idOf(n) }]));

/** By what they are to the tickets, each {id, name, user, email?}. */
export const peopleOfCloud = peopleBy((n) => `5f8a1c0e9b2d4a0069c32b0${n}`);
export const peopleOfDataCenter = peopleBy((n) => `JIRAUSER1020${n}`);
export const serviceAccount = { key: 'JIRAUSER10100', name: 'belay', displayName: 'Belay', groups: [kAdmins, kTeam] };

/** Belay's own at a Data Center: the incoming link, and the token of its account. */
export const client = { clientId: 'belay-datacenter', clientSecret: 'belay-datacenter-secret' };
export const serviceToken = 'service-token-of-belay';

/** A token of each, made at Jira, for what they do there by hand. Data Center and Server alone. */
export const handToken = ({ user }) => `by-hand-of-${user}`;

const projects = [{ key: 'PRESS', name: 'Press software', kind: 'software' }, { key: 'DESK', name: 'Help desk', kind: 'service_desk' }];
/** Which none of the cast but the admin of Jira sees. */
export const vault = 'VAULT';

const tickets = (people) => projects.flatMap(({ key, kind }) => Array.from({ length: kTickets }, (_, n) => ({
  key: `${key}-${n + 1}`,
  summary: kSummary,
  minutesAgo: 120,
  reporter: people.reporter.id,
  assignee: people.agent.id,
  ...(kind === 'service_desk' ? { participants: [people.newcomer.id] } : {}),
  comments: n === kTickets - 1 ? longTalk(people) : [{ by: people.newcomer.id, text: 'Here too.', minutesAgo: 60 }, { by: people.silent.id, text: 'And here.', minutesAgo: 30 }],
})));
/** More than Jira gives at once; the onlooker has said nothing but the first word. */
const longTalk = (people) => Array.from({ length: 260 }, (_, n) => ({ by: n === 0 ? people.onlooker.id : people.newcomer.id, text: `Comment ${n + 1}`, minutesAgo: 400 - n }));
const viewers = (people) => ['reporter', 'newcomer', 'silent', 'onlooker'].map((role) => people[role].id);

/** What TeamViewer knows: the agent's contacts. The accounts are those of the demo. */
const contacts = [{ owner: cast.agent.email, email: cast.reporter.email, group: 'Jira' }];

/** Changes a seed so that its first site is this company's. */
export function inCloud(seed) {
  const people = peopleOfCloud;
  const [{ host, cloudId, installationId }] = seed.sites;
  const team = (kind) => (kind === 'service_desk' ? 'Service Desk Team' : 'Users');
  seed.sites = [{
    host,
    cloudId,
    installationId,
    name: 'Harbour Print Works',
    people: Object.values(people).map(({ id, name, email, groups }) => ({ accountId: id, name, groups, emailVisible: email !== undefined, ...(email ? { email } : {}) })),
    projects: [
      ...projects.map((project) => ({
        ...project,
        roles: {
          Administrators: [people.keeper.id],
          Viewers: viewers(people),
          [team(project.kind)]: [`group:${kTeam}`],
          ...(project.kind === 'service_desk' ? { 'Service Desk Customers': [people.reporter.id, people.newcomer.id] } : {}),
        },
      })),
      { key: vault, name: 'Vault', kind: 'software', roles: { Users: [people.admin.id] } },
    ],
    issues: tickets(people),
  }];
  seed.teamviewer.contacts = contacts;
}

/** Changes a seed so that this company has its Jira Data Center or Server, beside the demo's Cloud. */
export function inDataCenter(seed, { site, version, deployment }) {
  const people = peopleOfDataCenter;
  seed.datacenter = [{
    name: site,
    host: `jira-${site}.localhost`,
    version,
    deployment,
    title: 'Harbour Print Works',
    clients: [{ ...client, redirectUris: [] }],
    tokens: [{ token: serviceToken, person: serviceAccount.key }, ...Object.values(people).map((person) => ({ token: handToken(person), person: person.id }))],
    people: [serviceAccount, ...Object.values(people).map(({ id, name, user, email, groups }) => ({ key: id, name: user, displayName: name, groups, ...(email ? { email } : {}) }))],
    projects: [
      ...projects.map((project) => ({ ...project, agents: [kTeam, people.keeper.id], viewers: viewers(people), admins: [people.keeper.id] })),
      { key: vault, name: 'Vault', kind: 'software', agents: [people.admin.id, serviceAccount.key] },
    ],
    issues: tickets(people),
  }];
  seed.teamviewer.contacts = contacts;
}
