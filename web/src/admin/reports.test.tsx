import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ReportFigures, ReportsAnswer } from '../api/types';
import { bridge, type Call } from '../test/bridge';
import { settings } from '../test/fixtures';
import { show } from '../test/render';
import { loadWords } from '../ui/words';
import { daysBetween, daysLater } from '../ui/zone';
import { AdminPage } from './admin';
import { filterOf, nothingTyped } from './reports-filter';

const figures = (changes: Partial<ReportFigures> = {}): ReportFigures => ({ sessions: 0, running: 0, notMade: 0, nobody: 0, came: 0, connected: 0, ...changes });
const spread = (median: number) => ({ count: 2, mean: median + 10, median, ninetieth: median * 2, total: 2 * (median + 10) });
const full = figures({ sessions: 5, running: 1, notMade: 1, nobody: 1, came: 2, connected: 2, waiting: spread(180), duration: spread(1_080), ratings: { count: 2, mean: 4.5 } });

const answer = (changes: Partial<ReportsAnswer> = {}): ReportsAnswer => ({
  from: '2026-02-28T23:00:00Z',
  to: '2026-03-02T10:00:00Z',
  zone: 'Europe/Paris',
  total: full,
  days: [
    { day: '2026-03-01', figures: figures() },
    { day: '2026-03-02', figures: full },
  ],
  agents: [
    { agent: { id: 'robin', name: 'Robin Hale' }, figures: full },
    { agent: { id: 'ghost' }, figures: figures({ sessions: 1, nobody: 1 }) },
  ],
  projects: [{ project: 'HELP', figures: full }],
  choices: { agents: [{ id: 'robin', name: 'Robin Hale' }, { id: 'ghost' }], projects: ['HELP', 'OPS'] },
  ...changes,
});
const nothing = answer({ total: figures(), days: [{ day: '2026-03-02', figures: figures() }], agents: [], projects: [], choices: { agents: [], projects: [] } });

const queryOf = ({ path }: Call) => Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? ''));
const asked = () => bridge.called('GET /v1/reports').map(queryOf);

beforeEach(() => {
  bridge.remote = 'https://support.example.com';
  bridge.on('GET /v1/links', { links: [] });
  bridge.on('GET /v1/settings', settings());
  bridge.on('POST /v1/settings/preview', { document: { type: 'doc', version: 1, content: [] }, problems: [] });
  bridge.on('GET /v1/reports', answer());
});

const open = async (locale = 'en-US') => {
  await show(<AdminPage />, locale);
  await userEvent.click(await screen.findByRole('tab', { name: locale === 'en-US' ? 'Reports' : 'Rapports' }));
};
const cells = (row: HTMLElement) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent);

describe('reports', () => {
  test('ask for nothing before their tab is opened, then for what the server takes for itself, in the reader’s zone', async () => {
    await show(<AdminPage />);
    await screen.findByRole('tab', { name: 'Reports' });
    expect(asked()).toEqual([]);
    await userEvent.click(screen.getByRole('tab', { name: 'Reports' }));
    await screen.findByRole('heading', { name: 'Sessions per day' });
    expect(asked()).toEqual([{ zone: 'Europe/Paris' }]);
    expect(within(screen.getByRole('tabpanel', { name: 'Reports' })).getByText(/Central European Time/)).toBeTruthy();
  });

  test('begin with the figures of the whole', async () => {
    await open();
    await screen.findByRole('heading', { name: 'Sessions per day' });
    const said = (label: string) => [...(screen.getByText(label, { selector: 'dt' }).parentElement?.querySelectorAll('dd') ?? [])].map(({ textContent }) => textContent);
    expect(said('Sessions')).toEqual(['5', '1 is not over yet. 1 was never made.']);
    expect(said('Customer came')).toEqual(['2', '1 session ended without anybody joining.']);
    expect(said('Waiting time, median')).toEqual(['3 min', 'Nine of ten: at most 6 min. Mean: 3 min. Of 2 sessions.']);
    expect(said('Duration, median')).toEqual(['18 min', 'Nine of ten: at most 36 min. Mean: 18 min. In all: 36 min. Of 2 sessions.']);
    expect(said('Rating')).toEqual(['4.5', 'The mean of what 2 customers gave.']);
  });

  test('what is not known is said so, and has no chart', async () => {
    bridge.on('GET /v1/reports', answer({ total: figures({ sessions: 1, nobody: 1 }), days: [{ day: '2026-03-02', figures: figures({ sessions: 1, nobody: 1 }) }] }));
    await open();
    await screen.findByRole('heading', { name: 'Sessions per day' });
    expect(screen.getAllByText('not known', { selector: 'dd' })).toHaveLength(3);
    expect(screen.getByText(/There is no connection record/)).toBeTruthy();
    expect(screen.queryByRole('heading', { name: 'Waiting time per day' })).toBeNull();
    expect(screen.queryByRole('heading', { name: 'Duration per day' })).toBeNull();
  });

  test('a chart says in words what it shows, and has the same figures as a table, a day without sessions too', async () => {
    await open();
    const chart = within(await screen.findByRole('figure', { name: 'Sessions per day' }));
    expect(chart.getByRole('img').getAttribute('aria-label')).toBe('Sessions per day, from Mar 1, 2026 to Mar 2, 2026. The highest bar is 5, on Mar 2, 2026. The table below has all figures.');
    await userEvent.click(chart.getByText('As a table'));
    const [head, ...rows] = chart.getAllByRole('row', { hidden: true });
    expect(cells(head as HTMLElement)).toEqual(['Day', 'Sessions', 'Customer came', 'Agent connected', 'Nobody joined']);
    expect(rows.map(cells)).toEqual([['Mar 1, 2026', '0', '0', '0', '0'], ['Mar 2, 2026', '5', '2', '2', '1']]);
    const waiting = within(screen.getByRole('figure', { name: 'Waiting time per day' }));
    expect(waiting.getAllByRole('row', { hidden: true }).map(cells)).toEqual([
      ['Day', 'Nine of ten at most', 'Median', 'Mean'],
      ['Mar 1, 2026', 'not known', 'not known', 'not known'],
      ['Mar 2, 2026', '6 min', '3 min', '3 min'],
    ]);
  });

  test('bars are as high as their figures, and a day without a figure has none', async () => {
    await open();
    const chart = await screen.findByRole('figure', { name: 'Sessions per day' });
    const bars = [...chart.querySelectorAll('.plot-bars g')].map((day) => [...day.querySelectorAll('rect:not(.bar-day)')].map((bar) => [bar.getAttribute('class'), bar.getAttribute('height')]));
    expect(bars).toEqual([[], [['bar-sessions', '100'], ['bar-came', '40'], ['bar-connected', '40']]]);
  });

  test('agents and projects each have a table; somebody without a name is shown by the account’s id', async () => {
    await open();
    const agents = within(await screen.findByRole('region', { name: 'By agent' }));
    const [, robin, ghost] = agents.getAllByRole('row');
    expect(cells(robin as HTMLElement)).toEqual(['Robin Hale', '5', '2', '2', '1', '3 min', '18 min', '36 min', '4.5 (2 customers)']);
    expect(cells(ghost as HTMLElement)).toEqual(['ghost', '1', '0', '0', '1', 'not known', 'not known', 'not known', 'not known']);
    expect(ghost?.querySelector('.bar-share')?.getAttribute('width')).toBe('20');
    expect(within(screen.getByRole('region', { name: 'By project' })).getAllByRole('row')).toHaveLength(2);
  });

  test('more agents than are shown are counted', async () => {
    bridge.on('GET /v1/reports', answer({ agentsLeftOut: 3, projectsLeftOut: 1 }));
    await open();
    expect(await screen.findByText(/3 more with fewer sessions are not shown/)).toBeTruthy();
    expect(screen.getByText(/1 more with fewer sessions is not shown/)).toBeTruthy();
  });

  test('filters are sent together, once the reader asks for it, and keep what there is to choose from', async () => {
    await open();
    await screen.findByRole('heading', { name: 'Sessions per day' });
    await userEvent.selectOptions(screen.getByLabelText('Agent'), 'Robin Hale');
    await userEvent.selectOptions(screen.getByLabelText('Project'), 'OPS');
    expect(asked()).toHaveLength(1);
    bridge.on('GET /v1/reports', nothing);
    await userEvent.click(screen.getByRole('button', { name: 'Show figures' }));
    await screen.findAllByText('No session in this time fits these filters.');   // once to be seen, once to be heard
    expect(asked()[1]).toMatchObject({ agent: 'robin', project: 'OPS', zone: 'Europe/Paris' });
    expect((screen.getByLabelText('Agent') as HTMLSelectElement).value).toBe('robin');
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    await screen.findAllByText('No session was asked for in this time.');
    expect(asked()[2]).toEqual({ zone: 'Europe/Paris' });
    expect(screen.queryByRole('button', { name: 'Export as CSV' })).toBeNull();
  });

  test('days are asked for in the reader’s zone, the second one whole; none, crossed ones and too many are refused where they stand', async () => {
    await open();
    await screen.findByRole('heading', { name: 'Sessions per day' });
    const panel = within(screen.getByRole('tabpanel', { name: 'Reports' }));
    await userEvent.selectOptions(panel.getByLabelText('Time'), 'From one day to another');
    await userEvent.click(panel.getByRole('button', { name: 'Show figures' }));
    expect(panel.getByText('Choose the first day.')).toBeTruthy();
    expect(document.activeElement).toBe(panel.getByLabelText('From'));
    await userEvent.type(panel.getByLabelText('From'), '2024-03-30');
    expect(panel.getByText('at most 366 days at once')).toBeTruthy();
    await userEvent.type(panel.getByLabelText('To, that day included'), '2024-03-28');
    expect(panel.getByText('This day is before the first one.')).toBeTruthy();
    await userEvent.clear(panel.getByLabelText('From'));
    await userEvent.type(panel.getByLabelText('From'), '2024-03-28');
    expect(asked()).toHaveLength(1);
    await userEvent.click(panel.getByRole('button', { name: 'Show figures' }));
    await waitFor(() => expect(asked()[1]).toEqual({ from: '2024-03-27T23:00:00Z', to: '2024-03-28T23:00:00Z', zone: 'Europe/Paris' }));
    await userEvent.clear(panel.getByLabelText('To, that day included'));
    await userEvent.clear(panel.getByLabelText('From'));
    await userEvent.type(panel.getByLabelText('From'), daysLater(new Date().toISOString().slice(0, 10), 3));
    expect(panel.getByText('This day is still to come.')).toBeTruthy();
  });

  test('a failure stands in place of the figures, and says what to do', async () => {
    bridge.refuse('GET /v1/reports', 400, { code: 'invalid_field', detail: { field: 'from', rule: 'max_sessions', limit: 200_000 } });
    await open();
    expect((await screen.findByRole('alert')).textContent).toMatch(/Beginning of the time: there are more than 200,000 sessions in this time: choose a shorter one/);
    bridge.on('GET /v1/reports', answer({ namesMissing: 'jira_unreachable' }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/Until then some people are shown by their account ids/)).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Sessions per day' })).toBeTruthy();
  });

  test('an answer that comes late does not stand in place of a newer one', async () => {
    let letGo: (() => void) | undefined;
    await open();
    await screen.findByRole('heading', { name: 'Sessions per day' });
    bridge.on('GET /v1/reports', async (call: Call) => {
      if (!queryOf(call).agent) await new Promise<void>((done) => (letGo = done));
      return { status: 200, body: queryOf(call).agent ? nothing : answer() };
    });
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    await userEvent.selectOptions(screen.getByLabelText('Agent'), 'Robin Hale');
    fireEvent.submit(screen.getByRole('form', { name: 'Filters' }));
    await screen.findAllByText('No session in this time fits these filters.');
    letGo?.();
    await new Promise((done) => setTimeout(done, 0));
    expect(screen.queryByRole('heading', { name: 'Sessions per day' })).toBeNull();
  });

  test('in French', async () => {
    await open('fr-FR');
    expect(await screen.findByRole('heading', { name: 'Attente par jour' })).toBeTruthy();
    expect(screen.getByText('4,5', { selector: 'dd' })).toBeTruthy();
  });
});

describe('the file of sessions', () => {
  let saved: { name: string; bytes: number }[];
  beforeEach(() => {
    saved = [];
    let last: Blob | undefined;
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: (blob: Blob) => ((last = blob), 'blob:x'), revokeObjectURL: () => undefined }));
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push({ name: this.download, bytes: last?.size ?? 0 });
    });
  });
  afterEach(() => vi.restoreAllMocks());

  test('is of the figures that are shown, piece by piece, and can be stopped', async () => {
    let letGo: (() => void) | undefined;
    bridge.on('GET /v1/reports/export', async (call: Call) => {
      if (queryOf(call).cursor) await new Promise<void>((done) => (letGo = done));
      return { status: 200, body: queryOf(call).cursor ? { text: 'b', count: 1 } : { text: 'a', count: 2_000, total: 2_001, next: 'c1' } };
    });
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Export as CSV' }));
    expect(await screen.findByText('2,000 of 2,001 sessions')).toBeTruthy();
    letGo?.();
    expect((await screen.findAllByText(/2,001 sessions are in belay-sessions-\d{4}-\d\d-\d\d\.csv\./)).length).toBeGreaterThan(0);
    expect(saved.map(({ bytes }) => bytes)).toEqual([5]);   // a byte order mark and both pieces
    const exported = bridge.called('GET /v1/reports/export').map(queryOf);
    expect(exported[0]).toEqual({ from: '2026-02-28T23:00:00Z', to: '2026-03-02T10:00:00Z', zone: 'Europe/Paris', format: 'csv' });
    expect(exported[1]?.cursor).toBe('c1');
    await userEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
    await screen.findByText('2,000 of 2,001 sessions');
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    letGo?.();
    expect((await screen.findAllByText('Stopped, and no file was made.')).length).toBeGreaterThan(0);
    expect(saved).toHaveLength(1);
  });
});

describe('what is typed into the filters', () => {
  const now = Date.parse('2026-03-02T23:30:00Z');   // in Paris it is the third
  test.each([
    [{}, { zone: 'Europe/Paris' }],
    [{ period: 'quarter' }, { from: '2025-12-03T23:00:00Z', zone: 'Europe/Paris' }],
    [{ period: 'week' }, { from: '2026-02-24T23:00:00Z', zone: 'Europe/Paris' }],
    [{ period: 'year', agent: 'robin' }, { from: '2025-03-03T23:00:00Z', zone: 'Europe/Paris', agent: 'robin' }],
    [{ period: 'days', fromDay: '2026-03-28' }, { from: '2026-03-27T23:00:00Z', zone: 'Europe/Paris' }],
    [{ period: 'days', fromDay: '2026-03-28', toDay: '2026-03-29', project: 'HELP' }, { from: '2026-03-27T23:00:00Z', to: '2026-03-29T22:00:00Z', zone: 'Europe/Paris', project: 'HELP' }],
  ] as const)('%o asks for %o', async (typed, filter) => {
    expect(filterOf({ ...nothingTyped, ...typed }, await loadWords('en-US', 'Europe/Paris'), now)).toEqual(filter);
  });

  test('days are counted with both ends', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(3);
    expect(daysBetween('2024-01-01', '2024-12-31')).toBe(366);
    expect(daysLater('2026-03-01', -1)).toBe('2026-02-28');
  });
});
