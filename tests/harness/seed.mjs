// Who is who in a seed file (docs/sandbox/seed.schema.json): the tests speak of "the admin" and "an agent", not of names.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoSeed } from './sandbox.mjs';

const adminGroups = ['jira-administrators', 'site-admins'];
/** What the sandbox's TeamViewer knows when the seed says nothing (src/sandbox/teamviewer). */
const defaultApp = { clientId: 'belay-sandbox', clientSecret: 'belay-sandbox-secret' };
const defaultReportsApp = { clientId: 'belay-sandbox-reports', clientSecret: 'belay-sandbox-reports-secret' };

/**
 * {site, admin, serviceDesk, teamviewerApp, reportsApp, …}: `admin` a Jira admin; `agents` [{accountId, name, teamviewer}] people who may act as
 * agents in the service project and have an eligible TeamViewer account of the same address; `projectAdmin` who administers that project and not Jira; `issues` of that project, all with their
 * reporter; `issue` the first that a customer reported; `outsider` somebody without any agent's right there; `unlicensed` agents whose
 * TeamViewer licence is none that counts; `datacenter` the sites of Jira Data Center and Server, as the seed has them.
 */
export function readSeed(file = demoSeed) {
  const seed = JSON.parse(readFileSync(file, 'utf8'));
  const [site] = seed.sites;
  const people = site.people.filter(({ active, type }) => active !== false && (type ?? 'atlassian') !== 'app');
  const accounts = seed.teamviewer?.accounts ?? [];
  const accountOf = (person) => accounts.find(({ email }) => email && email.toLowerCase() === person.email?.toLowerCase());
  const project = site.projects.find(({ kind }) => kind === 'service_desk') ?? site.projects[0];
  const holds = (person, roles) => roles.some((role) => (project.roles?.[role] ?? []).some((member) =>
    member === person.accountId || (member.startsWith('group:') && (person.groups ?? []).includes(member.slice('group:'.length)))));
  const isAgent = (person) => holds(person, ['Service Desk Team', 'Administrators', ...(project.kind === 'service_desk' ? [] : ['Users'])]);
  const eligible = ({ licence }) => licence?.active !== false && licence?.paid !== false;

  const isAdmin = ({ groups }) => (groups ?? []).some((group) => adminGroups.includes(group));
  const agents = people.filter((person) => isAgent(person) && accountOf(person) && eligible(accountOf(person)))
    .map((person) => ({ ...person, teamviewer: accountOf(person) }))
    .sort((a, b) => Number(isAdmin(a)) - Number(isAdmin(b)));   // those who are agents and nothing more come first
  const issues = site.issues.filter(({ key }) => key.startsWith(`${project.key}-`));
  const customerOf = ({ reporter }) => people.find(({ accountId }) => accountId === reporter);
  return {
    file,
    site,
    people,
    project,
    issues,
    agents,
    admin: people.find(isAdmin),
    projectAdmin: people.find((person) => !isAdmin(person) && holds(person, ['Administrators'])),
    issue: issues.find((issue) => customerOf(issue) && !isAgent(customerOf(issue))) ?? issues[0],
    outsider: people.find((person) => !isAgent(person) && !isAdmin(person)),
    unlicensed: people.filter((person) => isAgent(person) && accountOf(person) && !eligible(accountOf(person))).map((person) => ({ ...person, teamviewer: accountOf(person) })),
    teamviewerApp: seed.teamviewer?.apps?.[0] ?? defaultApp,
    datacenter: seed.datacenter ?? [],
    reportsApp: seed.teamviewer?.apps?.[1] ?? defaultReportsApp,
  };
}

const written = [];
process.on('exit', () => written.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A copy of the demo's seed after `change(seed)`; gives its file. */
export function freshSeed(change) {
  const seed = JSON.parse(readFileSync(demoSeed, 'utf8'));
  change(seed);
  const folder = mkdtempSync(join(tmpdir(), 'belay-seed-'));
  written.push(folder);
  const file = join(folder, 'seed.json');
  writeFileSync(file, JSON.stringify(seed));
  return file;
}

/** Who reported the first issue of the service project may look at it in Jira, and is no agent there. For freshSeed. */
export function letReporterBrowse(seed) {
  const [site] = seed.sites;
  const project = site.projects.find(({ kind }) => kind === 'service_desk');
  const { reporter } = site.issues.find(({ key }) => key.startsWith(`${project.key}-`));
  project.roles.Viewers = [reporter];
}

/** Another company's site, second.localhost, with people and tickets of the same names and ids. */
export function withSecondSite(seed) {
  const { cloudId: _c, installationId: _i, ...site } = structuredClone(seed.sites[0]);
  seed.sites.push({ ...site, host: 'second.localhost', name: 'Second company' });
}
