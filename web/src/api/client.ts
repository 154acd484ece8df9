/*
 * Calls to belayd through Forge's bridge (docs/openapi.yaml). Forge adds the invocation token; a page knows neither the
 * server's address nor any secret. A call never throws: what went wrong is a value with a code that has words in i18n/.
 */
import { invokeRemote } from '@forge/bridge';
import { tellMoved } from './moved';
import type {
  AccountAccess,
  AccountAnswer,
  AccountDataAnswer,
  AccountExportAnswer,
  AccountsAnswer,
  Asking,
  AuditAnswer,
  AuditExportAnswer,
  AuditPeopleAnswer,
  ConnectAnswer,
  ContactsAnswer,
  ErrorAnswer,
  Language,
  LaunchMode,
  LinksAnswer,
  PairingAnswer,
  PanelAnswer,
  PersonAnswer,
  PersonMapping,
  PreviewAnswer,
  ProjectSettingsAnswer,
  ProjectSettingsUpdate,
  Queue,
  ReportsAnswer,
  ReportsExportAnswer,
  RequestAnswer,
  RetentionAnswer,
  SessionAnswer,
  SessionConnect,
  SessionCreate,
  SessionCreated,
  SessionNotes,
  SessionsAnswer,
  SettingsAnswer,
  SettingsUpdate,
  StepError,
  UrlAnswer,
  WorkAnswer,
} from './types';

/**
 * `local.*`: the server was not reached, or answered something that is no answer of its own. Of a question that got no answer it is
 * known that nothing was changed (`no_server`); of anything else it is not (`no_answer`).
 */
export type FailureCode = ErrorAnswer['code'] | LostCode | 'local.unreadable';
type LostCode = 'local.no_server' | 'local.no_answer' | 'local.no_answer.create';

export interface Failure {
  code: FailureCode;
  message?: string;
  detail?: ErrorAnswer['detail'];
  /** Seconds. */
  retryAfter?: number;
  /** Of a step that Belay carries out: what becomes of it. */
  outcome?: StepError['outcome'];
}

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function readBody(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function readFailure(body: unknown): Failure {
  return isRecord(body) && typeof body.code === 'string' ? (body as unknown as Failure) : { code: 'local.unreadable' };
}

interface Call {
  body?: object;
  /** What is said when no answer came. */
  lost?: LostCode;
}

const kConflict = 409;

async function call<T>(method: Method, path: string, options: Call = {}): Promise<Result<T>> {
  const { status, result } = await send<T>(method, path, options);
  const unsure = !result.ok && (status === kConflict || result.failure.code === 'local.no_answer');
  if (method !== 'GET' && unsure) tellMoved();
  return result;
}

/** `status`: absent when no answer came. */
async function send<T>(method: Method, path: string, { body, lost = method === 'GET' ? 'local.no_server' : 'local.no_answer' }: Call): Promise<{ status?: number; result: Result<T> }> {
  let answer: unknown;
  try {
    answer = await invokeRemote({ method, path, headers: { Accept: 'application/json', 'Content-Type': 'application/json' }, ...(body ? { body } : {}) });
  } catch {
    // Forge flattens a server that is not there, a time-out and a missing address into one rejection.
    return { result: { ok: false, failure: { code: lost } } };
  }
  if (!isRecord(answer) || typeof answer.status !== 'number') return { result: { ok: false, failure: { code: lost } } };
  const { status } = answer;
  const content = readBody(answer.body);
  if (status < 200 || status > 299) return { status, result: { ok: false, failure: readFailure(content) } };
  return { status, result: isRecord(content) ? { ok: true, value: content as T } : { ok: false, failure: { code: 'local.unreadable' } } };
}

const id = encodeURIComponent;

/** What is absent is left out. */
function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  return given.length === 0 ? '' : `?${given.map(([name, value]) => `${name}=${id(value)}`).join('&')}`;
}

/** Which entries of the audit log: all that is given has to hold. Times as the API writes them. */
export interface AuditFilter {
  from?: string;
  to?: string;
  actor?: string;
  action?: string;
  issue?: string;
  session?: string;
  person?: string;
}

export type AuditFormat = 'csv' | 'jsonl';

/** Which sessions reports are about: all that is given has to hold. `zone`: where days begin, an IANA name. */
export interface ReportsFilter {
  from?: string;
  to?: string;
  zone?: string;
  agent?: string;
  project?: string;
}

export const api = {
  getPanel: (since?: string) => call<PanelAnswer>('GET', since === undefined ? '/v1/panel' : `/v1/panel?since=${id(since)}`),

  invitePerson: (person: string) => call<PersonAnswer>('POST', `/v1/people/${id(person)}/contact`, { body: {} }),
  mapPerson: (person: string, body: PersonMapping) => call<PersonAnswer>('PUT', `/v1/people/${id(person)}/mapping`, { body }),
  unmapPerson: (person: string) => call<PersonAnswer>('DELETE', `/v1/people/${id(person)}/mapping`),
  // Gives an address and starts nothing: without an answer, nothing happened.
  launch: (person: string, mode: LaunchMode) => call<UrlAnswer>('POST', `/v1/people/${id(person)}/launch`, { body: { mode }, lost: 'local.no_server' }),
  getContacts: (search: string) => call<ContactsAnswer>('GET', `/v1/contacts?search=${id(search)}`),

  getSessions: () => call<SessionsAnswer>('GET', '/v1/sessions'),
  // Its idempotency key makes asking again safe, so that is what is said.
  createSession: (body: SessionCreate) => call<SessionCreated>('POST', '/v1/sessions', { body, lost: 'local.no_answer.create' }),
  getMySessions: () => call<SessionsAnswer>('GET', '/v1/sessions?scope=mine'),
  connectSession: (session: string, client: SessionConnect['client']) =>
    call<ConnectAnswer>('POST', `/v1/sessions/${id(session)}/connect`, { body: { client } }),
  stayInJira: (session: string) => call<SessionAnswer>('DELETE', `/v1/sessions/${id(session)}/connect`),
  /** `notes`: in place of those that are there; without, they stay. */
  closeSession: (session: string, notes?: SessionNotes) => call<SessionAnswer>('POST', `/v1/sessions/${id(session)}/close`, { body: notes ?? {} }),
  cancelSession: (session: string) => call<SessionAnswer>('POST', `/v1/sessions/${id(session)}/cancel`, { body: {} }),
  replaceSession: (session: string, validityMinutes: number) =>
    call<SessionCreated>('POST', `/v1/sessions/${id(session)}/replace`, { body: { validityMinutes } }),
  noteSession: (session: string, notes: SessionNotes) => call<SessionAnswer>('PATCH', `/v1/sessions/${id(session)}`, { body: notes }),
  /** Tries again what failed, or sends the invitation again: what the session offers. */
  retrySession: (session: string) => call<SessionAnswer>('POST', `/v1/sessions/${id(session)}/invitation`, { body: {} }),

  getRequest: () => call<RequestAnswer>('GET', '/v1/request'),
  askForHelp: () => call<Asking>('POST', '/v1/requests/ask'),
  withdrawAsk: () => call<Asking>('DELETE', '/v1/requests/ask'),
  dismissAsk: (ask: string) => call<{ dismissed: boolean }>('POST', '/v1/requests/ask/dismiss', { body: { ask } }),

  getQueue: () => call<Queue>('GET', '/v1/queue'),

  getSettings: () => call<SettingsAnswer>('GET', '/v1/settings'),
  putSettings: (body: SettingsUpdate) => call<SettingsAnswer>('PUT', '/v1/settings', { body }),
  getProjectSettings: (project: string) => call<ProjectSettingsAnswer>('GET', `/v1/settings?project=${id(project)}`),
  putProjectSettings: (project: string, body: ProjectSettingsUpdate) => call<ProjectSettingsAnswer>('PUT', `/v1/settings?project=${id(project)}`, { body }),
  // A question, though it is a POST: the text is too long for an address.
  previewText: (text: string, language: Language) => call<PreviewAnswer>('POST', '/v1/settings/preview', { body: { text, language }, lost: 'local.no_server' }),

  getAccount: (grant?: string) => call<AccountAnswer>('GET', grant === undefined ? '/v1/account' : `/v1/account?grant=${id(grant)}`),
  startAccount: (access: AccountAccess) => call<UrlAnswer>('POST', '/v1/account/start', { body: { access } }),
  finishAccount: (token: string) => call<AccountAnswer>('POST', '/v1/account/finish', { body: { token } }),
  declineGrant: (token: string) => call<AccountAnswer>('DELETE', `/v1/account?grant=${id(token)}`),
  checkAccount: () => call<AccountAnswer>('POST', '/v1/account/check', { body: {} }),
  takeReportsBack: () => call<AccountAnswer>('DELETE', '/v1/account/reports'),
  deleteAccount: () => call<AccountAnswer>('DELETE', '/v1/account'),

  pair: (code: string) => call<PairingAnswer>('POST', '/v1/pairing', { body: { code } }),
  unpair: () => call<PairingAnswer>('DELETE', '/v1/pairing'),
  getLinks: () => call<LinksAnswer>('GET', '/v1/links'),
  deleteLink: (link: string) => call<LinksAnswer>('DELETE', `/v1/links/${id(link)}`),

  getAudit: (filter: AuditFilter, cursor?: string) => call<AuditAnswer>('GET', `/v1/audit${query({ ...filter, cursor })}`),
  exportAudit: (filter: AuditFilter, format: AuditFormat, cursor?: string) =>
    call<AuditExportAnswer>('GET', `/v1/audit/export${query({ ...filter, format, cursor })}`),
  getAuditPeople: () => call<AuditPeopleAnswer>('GET', '/v1/audit/people'),
  getReports: (filter: ReportsFilter) => call<ReportsAnswer>('GET', `/v1/reports${query({ ...filter })}`),
  exportReports: (filter: ReportsFilter, cursor?: string) => call<ReportsExportAnswer>('GET', `/v1/reports/export${query({ ...filter, format: 'csv', cursor })}`),
  /** `days`: counted as if that were the setting. */
  getRetention: (days?: number) => call<RetentionAnswer>('GET', `/v1/retention${query({ days: days?.toString() })}`),
  getAccounts: (after?: string) => call<AccountsAnswer>('GET', `/v1/accounts${query({ after })}`),
  getAccountData: (account: string) => call<AccountDataAnswer>('GET', `/v1/accounts/${id(account)}`),
  exportAccount: (account: string, cursor?: string) => call<AccountExportAnswer>('GET', `/v1/accounts/${id(account)}/export${query({ cursor })}`),
  eraseAccount: (account: string) => call<AccountDataAnswer>('DELETE', `/v1/accounts/${id(account)}`),
  getWork: () => call<WorkAnswer>('GET', '/v1/work'),
  retryWork: (work: string) => call<WorkAnswer>('POST', `/v1/work/${id(work)}/retry`, { body: {} }),
};
