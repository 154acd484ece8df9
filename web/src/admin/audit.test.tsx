import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuditEntry, WorkItem } from '../api/types';
import { bridge, type Call } from '../test/bridge';
import { settings } from '../test/fixtures';
import { show } from '../test/render';
import { loadWords } from '../ui/words';
import { AdminPage } from './admin';
import { filterOf, nothingTyped } from './audit-filter';
import { actionWords, detailWords, knownActions } from './audit-words';

const entry = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id: '018f0000-0000-7000-8000-000000000001',
  at: '2026-03-02T10:00:05Z',
  action: 'session_created',
  actor: { id: 'robin', name: 'Robin Hale' },
  issue: { id: '10001', key: 'HELP-12' },
  session: { id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f1', code: 's12-345-678' },
  peer: '192.0.2.7',
  ...changes,
});

const queryOf = ({ path }: Call) => Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? ''));
const asked = () => bridge.called('GET /v1/audit').map(queryOf);

beforeEach(() => {
  bridge.remote = 'https://support.example.com';
  bridge.on('GET /v1/links', { links: [] });
  bridge.on('GET /v1/settings', settings());
  bridge.on('GET /v1/audit', { entries: [entry()] });
  bridge.on('GET /v1/audit/people', { actors: [{ id: 'robin', name: 'Robin Hale' }, { id: 'ghost' }], people: [{ id: 'ada', name: 'Ada Moreau' }] });
});

const open = async () => {
  await show(<AdminPage />);
  await userEvent.click(await screen.findByRole('tab', { name: 'Audit' }));
};
const rows = async () => (await screen.findAllByRole('row')).slice(1);

describe('the audit log', () => {
  test('asks for nothing before its tab is opened', async () => {
    await show(<AdminPage />);
    await screen.findByRole('tab', { name: 'Audit' });
    expect(asked()).toEqual([]);
  });

  test('says when, in the reader’s zone, who, what, and about what', async () => {
    bridge.on('GET /v1/audit', {
      entries: [
        entry(),
        entry({ id: '2', action: 'launched', detail: { mode: 'control' }, actor: { id: 'ghost' }, issue: { id: '10002' }, person: { id: 'ada', name: 'Ada Moreau' } }),
        (({ actor: _actor, peer: _peer, ...rest }) => ({ ...rest, id: '3', action: 'session_failed', detail: { code: 'provider_unreachable' } }))(entry()),
        entry({ id: '4', action: 'of_tomorrow' }),
      ],
    });
    await open();
    const [created, launched, failed, unknown] = await rows();
    const words = (row: HTMLElement | undefined) => within(row as HTMLElement).getAllByRole('cell').map((cell) => cell.textContent);
    expect(words(created)).toEqual([expect.stringMatching(/^Mar 2, 2026, 11:00:05\sAM$/), 'Robin Halefrom 192.0.2.7', 'Session created', 'HELP-12session s12-345-678']);
    expect(within(created as HTMLElement).getByRole('link', { name: 'HELP-12' }).getAttribute('href')).toBe('/browse/HELP-12');
    expect(words(launched)).toEqual([expect.any(String), 'ghostfrom 192.0.2.7', 'Remote control started', 'issue 10002session s12-345-678Ada Moreau']);
    expect(words(failed)?.slice(1, 3)).toEqual(['Belay', 'Session could not be madeTeamViewer does not answer.']);
    expect(words(unknown)?.[2]).toBe('of_tomorrow');
    expect(screen.getByText('There is nothing older.')).toBeTruthy();
    expect(screen.getByText(/Central European Time/)).toBeTruthy();
  });

  test('older entries come on demand, below those that are there', async () => {
    bridge.on('GET /v1/audit', (call: Call) => ({
      status: 200,
      body: queryOf(call).cursor ? { entries: [entry({ id: '2', action: 'session_closed' })] } : { entries: [entry()], next: 'c1' },
    }));
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Show older entries' }));
    await screen.findByText('Session closed', { selector: 'td' });
    expect(await rows()).toHaveLength(2);
    expect(asked()).toEqual([{}, { cursor: 'c1' }]);
  });

  test('filters are sent together, once the reader asks for it', async () => {
    await open();
    await rows();
    await userEvent.selectOptions(screen.getByLabelText('What'), 'Session expired');
    await userEvent.selectOptions(screen.getByLabelText('Who'), 'Robin Hale');
    await userEvent.selectOptions(screen.getByLabelText('Whom it concerned'), 'Ada Moreau');
    await userEvent.type(screen.getByLabelText('Issue or session'), ' help-12 ');
    expect(asked()).toHaveLength(1);
    bridge.on('GET /v1/audit', { entries: [] });
    await userEvent.click(screen.getByRole('button', { name: 'Show entries' }));
    await screen.findAllByText('Nothing that is noted fits these filters.');   // once to be seen, once to be heard
    expect(asked()[1]).toEqual({ action: 'session_expired', actor: 'robin', person: 'ada', issue: 'help-12' });
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    await screen.findAllByText('Nothing is noted yet.');
    expect(asked()[2]).toEqual({});
  });

  test('two days are asked for in the reader’s zone, the second one whole; none and crossed ones are refused where they stand', async () => {
    await open();
    await rows();
    await userEvent.selectOptions(screen.getByLabelText('Time'), 'From one day to another');
    await userEvent.click(screen.getByRole('button', { name: 'Show entries' }));
    expect(screen.getByText('Choose at least one of the two days.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('From'));
    await userEvent.type(screen.getByLabelText('From'), '2026-03-30');
    await userEvent.type(screen.getByLabelText('To, that day included'), '2026-03-28');
    expect(screen.getByText('This day is before the first one.')).toBeTruthy();
    await userEvent.clear(screen.getByLabelText('From'));
    await userEvent.type(screen.getByLabelText('From'), '2026-03-28');
    await userEvent.click(screen.getByRole('button', { name: 'Show entries' }));
    await waitFor(() => expect(asked()[1]).toEqual({ from: '2026-03-27T23:00:00Z', to: '2026-03-28T23:00:00Z' }));
  });

  test('a failure stands in place of the entries, and says what to do', async () => {
    bridge.refuse('GET /v1/audit', 502, { code: 'jira_unreachable' });
    await open();
    expect((await screen.findByRole('alert')).textContent).toMatch(/Jira does not answer/);
    bridge.on('GET /v1/audit', { entries: [entry()], namesMissing: 'jira_unreachable' });
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/Until then some people are shown by their account ids/)).toBeTruthy();
    expect(await rows()).toHaveLength(1);
  });

  test('older ones that do not come leave those that are there', async () => {
    bridge.on('GET /v1/audit', { entries: [entry()], next: 'c1' });
    await open();
    bridge.cut('GET /v1/audit');
    await userEvent.click(await screen.findByRole('button', { name: 'Show older entries' }));
    await screen.findByRole('alert');
    expect(await rows()).toHaveLength(1);
  });
});

describe('the export', () => {
  let saved: { name: string; text: Promise<string> }[];
  beforeEach(() => {
    saved = [];
    let last: Blob | undefined;
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: (blob: Blob) => ((last = blob), 'blob:x'), revokeObjectURL: () => undefined }));
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push({ name: this.download, text: readText(last as Blob) });
    });
  });
  afterEach(() => vi.restoreAllMocks());

  // jsdom's blobs have no text(), and its reader takes the mark at the begin away.
  const readText = (blob: Blob) =>
    new Promise<string>((done) => {
      const reader = new FileReader();
      reader.onload = () => done(new TextDecoder('utf-8', { ignoreBOM: true }).decode(reader.result as ArrayBuffer));
      reader.readAsArrayBuffer(blob);
    });

  const inPieces = (pieces: string[]) => (call: Call) => {
    const at = Number(queryOf(call).cursor ?? 0);
    const next = at + 1 < pieces.length ? { next: String(at + 1) } : {};
    return { status: 200, body: { text: pieces[at], count: 2_000, ...(at === 0 && { total: 4_000 }), ...next } };
  };

  test('collects the pieces of what the filters choose into one file', async () => {
    bridge.on('GET /v1/audit/export', inPieces(['at\r\n1\r\n', '2\r\n']));
    await open();
    await userEvent.selectOptions(screen.getByLabelText('Who'), 'Belay by itself');
    await userEvent.click(screen.getByRole('button', { name: 'Show entries' }));
    await userEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
    expect((await screen.findAllByText(/4,000 entries are in belay-audit-\d{4}-\d\d-\d\d\.csv\./)).length).toBeGreaterThan(0);
    expect(bridge.called('GET /v1/audit/export').map(queryOf)).toEqual([{ actor: 'belay', format: 'csv' }, { actor: 'belay', format: 'csv', cursor: '1' }]);
    expect(await saved[0]?.text).toBe('\ufeffat\r\n1\r\n2\r\n');
    bridge.on('GET /v1/audit/export', { text: '{}\n', count: 1, total: 1, namesMissing: 'jira_unreachable' });
    await userEvent.click(screen.getByRole('button', { name: 'Export as JSON Lines' }));
    expect(await screen.findByText(/1 entry is in .*\.jsonl\. Some names are missing/)).toBeTruthy();
    expect(await saved[1]?.text).toBe('{}\n');
  });

  test('shows how far it is, and can be stopped: then there is no file', async () => {
    let let_go: (() => void) | undefined;
    bridge.on('GET /v1/audit/export', async (call: Call) => {
      if (queryOf(call).cursor) await new Promise<void>((done) => (let_go = done));
      return inPieces(['a', 'b'])(call);
    });
    await open();
    await userEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
    expect(await screen.findByText('2,000 of 4,000 entries')).toBeTruthy();
    const bar = screen.getByRole('progressbar', { name: 'The log is being read.' });
    expect([bar.getAttribute('value'), bar.getAttribute('max')]).toEqual(['2000', '4000']);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    let_go?.();
    expect((await screen.findAllByText('Stopped, and no file was made.')).length).toBeGreaterThan(0);
    expect(saved).toEqual([]);
  });

  test('goes on where a piece did not come', async () => {
    bridge.on('GET /v1/audit/export', (call: Call) => {
      if (queryOf(call).cursor) throw new Error('cut');
      return inPieces(['a', 'b'])(call);
    });
    await open();
    await userEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
    expect((await screen.findByRole('alert')).textContent).toContain('2,000 of 4,000 entries were read. Try again goes on from there.');
    bridge.on('GET /v1/audit/export', inPieces(['a', 'b']));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findAllByText(/4,000 entries are in/);
    expect(await saved[0]?.text).toBe('\ufeffab');
  });
});

describe('what is typed into the filters', () => {
  const now = Date.parse('2026-03-02T23:30:00Z');
  test.each([
    [{}, {}],
    [{ period: 'today' }, { from: '2026-03-02T23:00:00Z' }],
    [{ period: 'week' }, { from: '2026-02-23T23:30:00.000Z' }],
    [{ period: 'days', fromDay: '2026-03-01' }, { from: '2026-02-28T23:00:00Z' }],
    [{ about: 'HELP-12' }, { issue: 'HELP-12' }],
    [{ about: '10001' }, { issue: '10001' }],
    [{ about: 's12-345-678' }, { session: 's12-345-678' }],
    [{ about: '6f9619ff-8b86-4d01-b42d-00cf4fc964f1' }, { session: '6f9619ff-8b86-4d01-b42d-00cf4fc964f1' }],
  ] as const)('%o asks for %o', async (typed, filter) => {
    expect(filterOf({ ...nothingTyped, ...typed }, await loadWords('en-US', 'Europe/Paris'), now)).toEqual(filter);
  });

  test('actions are offered in the order of their words', async () => {
    const labels = knownActions(await loadWords('fr-FR', undefined)).map(({ label }) => label);
    expect(labels.length).toBeGreaterThan(25);
    expect([...labels].sort((a, b) => a.localeCompare(b, 'fr'))).toEqual(labels);
  });

  test('details choose between sentences, or say why', async () => {
    const words = await loadWords('en-US', undefined);
    expect(actionWords(words, { action: 'person_mapped', detail: { to: 'address' } })).toBe('Person mapped to an address');
    expect(actionWords(words, { action: 'launched', detail: { mode: 'of_tomorrow' } })).toBe('Chat, call, control or presentation started');
    expect(detailWords(words, { detail: { why: 'provider_unreachable' } })).toBe('TeamViewer does not answer.');
    expect(detailWords(words, { detail: { code: 'of_tomorrow' } })).toBe('of_tomorrow');
    expect(detailWords(words, { detail: { kind: 'issue.property' } })).toBe('Write the counts on the issue');
    expect(detailWords(words, { detail: { project: 'HELP', enabled: false } })).toBe('HELP');
    expect(detailWords(words, {})).toBeUndefined();
  });
});

describe('what was set aside', () => {
  const item: WorkItem = {
    id: '018f0000-0000-7000-8000-00000000000a',
    kind: 'session.close',
    setAsideAt: new Date(Date.now() - 3 * 60 * 60_000).toISOString(),
    tries: 300,
    issue: { id: '10001', key: 'HELP-12' },
    session: { id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f1', code: 's12-345-678' },
    agent: { id: 'robin', name: 'Robin Hale' },
    error: { code: 'provider_unreachable', message: 'said by the server', outcome: 'gave_up' },
  };
  const health = (ok: boolean) => settings({ health: [{ check: 'storage', ok: true }, { check: 'work', ok }] });

  test('is not asked for while nothing is', async () => {
    bridge.on('GET /v1/settings', health(true));
    await show(<AdminPage />);
    await screen.findByText(/nothing is set aside/);
    expect(bridge.called('GET /v1/work')).toEqual([]);
    expect(screen.queryByRole('heading', { name: 'Set aside' })).toBeNull();
  });

  test('stands in Set-up with what, about what, why and since when; Try again takes it off, and health is looked at anew', async () => {
    bridge.on('GET /v1/settings', health(false));
    bridge.on('GET /v1/work', { work: [item, { ...item, id: '018f0000-0000-7000-8000-00000000000b', kind: 'of.tomorrow', tries: 1 }], more: true });
    await show(<AdminPage />);
    const list = within(await screen.findByRole('region', { name: 'Set aside' }));
    const [first] = await list.findAllByRole('listitem');
    expect(first?.textContent).toContain('Close the session at TeamViewer');
    expect(first?.textContent).toContain('HELP-12session s12-345-678TeamViewer account of Robin Hale');
    expect(first?.textContent).toContain('TeamViewer does not answer.');
    expect(first?.textContent).toContain('Set aside 3 h ago, after 300 tries');
    expect(list.getByText('Something that this page does not know yet (of.tomorrow)')).toBeTruthy();
    expect(list.getByText(/There are more/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Copy command' })).toBeNull();

    bridge.on('POST /v1/work/018f0000-0000-7000-8000-00000000000a/retry', { work: [], more: false }, 202);
    bridge.on('GET /v1/settings', health(true));
    await userEvent.click(list.getByRole('button', { name: 'Try again: Close the session at TeamViewer' }));
    expect(await list.findByText('Nothing is set aside.')).toBeTruthy();
    expect(list.getByText(/Belay tries again/)).toBeTruthy();
    await screen.findByText(/Everything that Belay has to do outside gets done/);
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Set aside' }));
  });

  test('a try that somebody else has begun says so beside it', async () => {
    bridge.on('GET /v1/settings', health(false));
    bridge.on('GET /v1/work', { work: [item], more: false });
    bridge.refuse('POST /v1/work/018f0000-0000-7000-8000-00000000000a/retry', 409, { code: 'not_set_aside' });
    await show(<AdminPage />);
    await userEvent.click(await screen.findByRole('button', { name: /^Try again: Close/ }));
    expect((await screen.findByRole('alert')).textContent).toMatch(/Somebody has tried this again already/);
    bridge.on('GET /v1/work', { work: [], more: false });
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByText('Nothing is set aside.')).toBeTruthy();
  });
});
