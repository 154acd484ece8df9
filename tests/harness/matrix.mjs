// Who may call what, as a table: every operation of docs/openapi.yaml with the pages that it is for, who is let in there (docs/access.md), and a body that it
// takes. What a caller is to be told follows from the row and from what is true of the caller in Jira.
import assert from 'node:assert/strict';
import { bodyProblems, operations } from '../contract/our_api.mjs';

export { operations };

/** Of the site, and of one project: what an admin's page sends. */
export const siteSettings = {
  version: 0, customerText: { en: 'Join here: {{session.link}}', fr: 'Rejoignez-nous : {{session.link}}' }, defaultLanguage: 'en', validityMinutes: 120, teamviewerGroup: '', allowedGroups: [],
  eligibleLicences: { policy: 'any_paid' }, invitation: 'public', editWhenEnded: true, countOnIssue: false, defaultSupporter: '', report: 'internal', worklog: false, tellOfWaiting: true, customersMayAsk: true,
  retentionDays: 0,
};
export const projectSettings = { version: 0, enabled: true, customerText: { en: 'The help desk asks you to join: {{session.link}}' }, allowedGroups: [] };

/**
 * `pages`: {page: who is let in there}; the words are those of `verdict`. `body`: one that is valid. `query`: begins with "?". `object`: what the path's {id} is.
 * `says`: what who is let in may hear all the same, by reason of how things stand.
 */
const of = (pages, { body, query = '', object, says = [] } = {}) => ({ pages, body, query, object, says });
const panel = (parts) => of({ panel: 'agents' }, parts);
const person = (body) => panel({ body, object: 'person', says: ['not_linked'] });
const session = (body) => panel({ body, object: 'session' });
const request = () => of({ request: 'onlookers' }, { says: ['asking_off', 'forbidden/not_on_request'] });
const admin = (parts) => of({ admin: 'admins' }, parts);
const account = (parts) => of({ account: 'everybody' }, parts);
const project = (parts) => of({ project: 'project admins' }, { query: '?project=KEY', ...parts });

/** By operation; a list where it is for different people in different ways. */
export const rows = {
  getPanel: of({ panel: 'onlookers' }),
  listSessions: [panel(), of({ panel: 'everybody', account: 'everybody', queue: 'everybody', sessions: 'everybody' }, { query: '?scope=mine' })],
  createSession: panel({ body: { customer: { name: 'Ada Example', email: 'ada@example.org' }, description: 'The printer', validityMinutes: 60, invitation: 'none' }, says: ['not_linked'] }),
  getSession: session(),
  connectSession: session({ client: 'app' }),
  stayInJira: session(),
  noteSession: session({ notes: 'Replaced the driver' }),
  replaceSession: session({ validityMinutes: 60 }),
  closeSession: session({ notes: 'Done' }),
  cancelSession: session({}),
  retrySession: session({}),
  invitePerson: person({}),
  mapPerson: person({ address: 'ada@example.org' }),
  unmapPerson: person(),
  launch: person({ mode: 'chat' }),
  listContacts: panel({ query: '?search=a', says: ['not_linked'] }),
  dismissAsk: panel({ body: { ask: 'nobody-asks' } }),
  getQueue: of({ queue: 'agents of the project' }),
  getRequest: of({ request: 'onlookers' }),
  askForHelp: request(),
  withdrawAsk: request(),
  getSettings: [admin(), project()],
  putSettings: [admin({ body: siteSettings, says: ['settings_changed'] }), project({ body: projectSettings, says: ['settings_changed'] })],
  previewCustomerText: of({ admin: 'admins', project: 'project admins' }, { body: { text: 'Join: {{session.link}}', language: 'en' } }),
  readAudit: admin(),
  exportAudit: admin({ query: '?format=csv' }),
  listAuditPeople: admin(),
  readReports: admin(),
  exportReports: admin({ query: '?format=csv' }),
  listWork: admin(),
  retryWork: admin({ body: {}, object: 'work', says: ['not_found'] }),
  readRetention: admin(),
  listAccounts: admin(),
  readAccountData: admin({ object: 'person' }),
  exportAccountData: admin({ object: 'person' }),
  eraseAccountData: admin({ object: 'person' }),
  listLinks: admin(),
  deleteLink: admin({ object: 'link', says: ['not_found'] }),
  pair: admin({ body: { code: 'AAAAA-BBBBB' } }),
  unpair: admin(),
  getAccount: account(),
  startAccount: account({ body: {} }),
  finishAccount: account({ body: { token: 'x'.repeat(43) } }),
  checkAccount: of({ panel: 'everybody', account: 'everybody' }, { body: {}, says: ['not_linked'] }),
  deleteAccount: account(),
  deleteReportsAccess: account(),
  // No page's: who calls is Forge itself. tests/functional/matrix_doors.test.mjs has what each of them is told.
  automationCreateSession: of({}, { body: { issueKey: 'HELP-1' } }),
  forgeEvent: of({}, { body: {}, object: 'event' }),
};

/** Without a token of anybody's: for browsers on their way, and for a Jira Data Center. tests/functional/matrix_doors.test.mjs has what each of them is told. */
export const doors = ['oauthStart', 'oauthCallback', 'showPage', 'getPageFile', 'getPageAsset', 'signIn', 'signInCallback', 'givePageToken', 'signOut', 'hearWebhook'];

/** Every way to call an operation that takes a caller: {id, method, path, row, changes}. */
export const ways = operations.filter(({ id }) => rows[id]).flatMap(({ id, method, path }) => [rows[id]].flat().map((row) => ({ id, method, path, row, changes: method !== 'GET' })));

/** Fails where the document has an operation without a row, or a row has none; and where a row's body is not what the document asks for. */
export function checkRows() {
  assert.deepEqual([...Object.keys(rows), ...doors].sort(), operations.map(({ id }) => id).sort());
  assert.deepEqual(operations.filter(({ operation }) => operation.security?.length === 0).map(({ id }) => id).sort(), doors.toSorted(), 'those without a caller');
  for (const { id, method, path, row } of ways) {
    const problems = bodyProblems(method, path, row.body);
    assert.ok(!problems, `${id}: ${problems}`);
    assert.equal(problems === undefined, row.body === undefined, `${id}: a body where none is taken, or none where one is`);
  }
}

/** The address of one call; `ids`: what each kind of object is called there, `project` the key of the project. */
export const addressOf = ({ path, row }, { project: key, ...ids }) => (path.replace('{id}', encodeURIComponent(ids[row.object] ?? 'nothing')).replace('{name}', 'hourly') + row.query).replace('KEY', key);

export const told = {
  otherPage: '403 forbidden/wrong_module',
  notAgent: '403 forbidden/not_agent',
  notAdmin: '403 forbidden/not_admin',
  notProjectAdmin: '403 forbidden/not_project_admin',
  notThere: '404 not_found',
};
const letIn = 'in';

/**
 * What somebody is to be told from `page`: "in", or one of `told`. `facts`, of the caller: sees (the issue in Jira, on the panel), seesProject, agent, admin,
 * projectAdmin, seesRequest (in the portal).
 */
export function verdict({ row }, page, facts) {
  switch (row.pages[page]) {
    case undefined: return told.otherPage;
    case 'onlookers': return (page === 'request' ? facts.seesRequest : facts.sees) ? letIn : told.notThere;
    case 'agents': if (!facts.sees) return told.notThere; return facts.agent ? letIn : told.notAgent;
    case 'agents of the project': if (!facts.seesProject) return told.notThere; return facts.agent ? letIn : told.notAgent;
    case 'admins': return facts.admin ? letIn : told.notAdmin;
    case 'project admins': return facts.admin || facts.projectAdmin ? letIn : told.notProjectAdmin;
    case 'everybody': return letIn;
    default: throw new Error(`nobody says who they are: ${row.pages[page]}`);
  }
}

/** What an answer says of it, in the same words: of what is let in also what came. */
export function saidBy({ row }, { status, json }) {
  const reason = json?.code && `${json.code}${json.detail?.reason ? `/${json.detail.reason}` : ''}`;
  if (status < 400 || row.says.includes(reason)) return letIn;
  return `${status} ${reason}`;
}
