/* A small believable site. Every fixture is valid by docs/openapi.yaml; tests change what they are about. */
import type { AccountAnswer, IssuePerson, Panel, ProjectSettingsAnswer, RequestSession, Session, SettingsAnswer } from '../api/types';

export const kNow = Date.parse('2026-03-02T10:00:00Z');

/** Minutes from now, as the API writes times. */
export const at = (minutes: number, base = Date.now()): string => new Date(base + minutes * 60_000).toISOString().replace(/\.\d+/, '');

export function session(changes: Partial<Session> = {}): Session {
  return {
    id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f1',
    code: 's12-345-678',
    state: 'open',
    customerLink: 'https://get.teamviewer.example/v15/s12345678',
    validUntil: at(1390),
    createdAt: at(-50),
    supporter: { id: 'robin', name: 'Robin Hale' },
    customer: { id: 'ada', name: 'Ada Moreau' },
    description: 'HELP-12 Printer prints blank pages',
    invitation: 'public',
    steps: { session: 'done', invitation: 'done', closing: 'none' },
    actions: ['connect', 'connect_browser', 'copy_link', 'close'],
    ...changes,
  };
}

export const intended = (changes: Partial<Session> = {}): Session => {
  const { code: _code, customerLink: _link, ...rest } = session();
  return { ...rest, state: 'intended', createdAt: at(0), steps: { session: 'pending', invitation: 'pending', closing: 'none' }, actions: ['cancel'], ...changes };
};

/** As its customer sees it in the portal. */
export function requestSession(changes: Partial<RequestSession> = {}): RequestSession {
  return {
    id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f1',
    state: 'open',
    supporter: { name: 'Robin Hale' },
    createdAt: at(-50),
    madeAt: at(-50),
    validUntil: at(1390),
    code: 's12-345-678',
    customerLink: 'https://get.teamviewer.example/v15/s12345678',
    ...changes,
  };
}

/** The same when it is over: nothing is left of the way in. */
export function endedRequestSession(changes: Partial<RequestSession> = {}): RequestSession {
  const { code: _code, customerLink: _link, ...rest } = requestSession();
  return { ...rest, state: 'closed', endedAt: at(-18), ...changes };
}

export function person(changes: Partial<IssuePerson> = {}): IssuePerson {
  return { id: 'ada', name: 'Ada Moreau', roles: ['reporter'], standing: 'not_contact', actions: ['create_session'], disabled: [], ...changes };
}

export function panel(changes: Partial<Panel> = {}): Panel {
  return {
    changed: true,
    version: '1',
    now: at(0),
    issue: { key: 'HELP-12', summary: 'Printer prints blank pages' },
    viewer: {
      id: 'robin',
      linked: true,
      provider: 'teamviewer',
      account: { name: 'Robin H.' },
      licence: { eligible: true, type: 'Corporate' },
      mayAct: true,
    },
    people: [person(), person({ id: 'robin', name: 'Robin Hale', roles: ['assignee'], standing: 'self', actions: [] })],
    more: false,
    sessions: [],
    missing: [],
    defaults: { description: 'HELP-12 Printer prints blank pages', validityMinutes: 1440, invitation: 'public', invitations: ['public', 'internal', 'none'], customers: ['ada'] },
    ...changes,
  };
}

export function account(changes: Partial<AccountAnswer> = {}): AccountAnswer {
  return {
    linked: true,
    provider: 'teamviewer',
    jira: { id: 'robin', name: 'Robin Hale' },
    account: { name: 'Robin H.', email: 'robin@example.com', company: 'Example Ltd' },
    licence: { eligible: true, type: 'Corporate' },
    linkedAt: '2026-02-01T09:30:00Z',
    scopes: ['account', 'groups', 'sessions'],
    openSessions: 2,
    reports: { available: false, allowed: false },
    ...changes,
  };
}

export function notLinked(changes: Partial<AccountAnswer> = {}): AccountAnswer {
  return { linked: false, provider: 'teamviewer', jira: { id: 'robin', name: 'Robin Hale' }, scopes: ['account', 'groups', 'sessions'], openSessions: 0, reports: { available: false, allowed: false }, ...changes };
}

export function settings(changes: Partial<SettingsAnswer> = {}): SettingsAnswer {
  return {
    version: 3,
    customerText: { en: 'Hello, open {{session.link}}', fr: 'Bonjour, ouvrez {{session.link}}' },
    defaultLanguage: 'en',
    validityMinutes: 1440,
    teamviewerGroup: '',
    allowedGroups: [],
    eligibleLicences: { policy: 'any_paid' },
    invitation: 'public',
    editWhenEnded: true,
    countOnIssue: false,
    defaultSupporter: '',
    report: 'internal',
    worklog: false,
    tellOfWaiting: false,
    customersMayAsk: false,
    retentionDays: 0,
    installation: {
      siteUrl: 'https://acme.example',
      pairedAt: '2026-02-01T09:30:00Z',
      pairedBy: { id: 'kim', name: 'Kim Admin' },
      appTokenReceivedAt: at(-30),
      appTokenExpiresAt: at(200),
    },
    health: [{ check: 'storage', ok: true }],
    defaults: { customerText: { en: 'Default {{session.link}}', fr: 'Défaut {{session.link}}' }, teamviewerGroup: 'Jira' },
    ...changes,
  };
}

export function projectSettings(changes: Partial<ProjectSettingsAnswer> = {}): ProjectSettingsAnswer {
  return {
    version: 0,
    enabled: true,
    customerText: {},
    allowedGroups: [],
    project: { key: 'HELP' },
    site: { customerText: settings().customerText, defaultLanguage: 'en', allowedGroups: [] },
    ...changes,
  };
}

export const emptyPreview = { document: { type: 'doc', version: 1, content: [] }, problems: [] };
