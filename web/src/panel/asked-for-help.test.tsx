import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import type { Panel, SessionCreate } from '../api/types';
import { bridge } from '../test/bridge';
import { at, intended, panel, person } from '../test/fixtures';
import { show } from '../test/render';
import { isolated } from '../ui/words';
// Loaded when it is wanted; on a busy machine that takes longer than a test waits.
import './create-session';
import { PanelPage } from './panel';

const kim = { id: 'kim', name: 'Kim Lund' };
const title = `${isolated('Kim Lund')} asks for remote help`;
const { defaults, viewer, people } = panel();
const asked = (changes: Partial<Panel> = {}) =>
  panel({
    askedForHelp: { id: 'ask-1', customer: kim, since: at(-7) },
    people: [...people, person({ ...kim, roles: ['participant'] })],
    defaults: { ...defaults, customers: ['ada', 'kim'] },
    ...changes,
  });
const open = async (answer: Panel) => {
  bridge.on('GET /v1/panel', answer);
  await show(<PanelPage first={api.getPanel()} />);
  return screen.findByRole('region', { name: title });
};
const creates = (section: HTMLElement) => within(section).queryByRole('button', { name: 'Create session' });

describe('a customer asks for help', () => {
  test('at the top: who, since when, and what can be done', async () => {
    const section = await open(asked());
    expect(screen.getAllByRole('region')[0]).toBe(section);
    expect(within(section).getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['7 min ago', 'Create session', 'Dismiss']);
  });

  test('Create session opens the form with them as the customer, and leaving it gives focus back', async () => {
    const section = await open(asked());
    await userEvent.click(creates(section) as HTMLElement);
    const form = await screen.findByRole('form', { name: 'Create a session' });
    expect((screen.getByLabelText('Customer') as HTMLSelectElement).value).toBe('kim');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(creates(section)));
    await userEvent.click(creates(section) as HTMLElement);
    await screen.findByRole('form');
    expect(form.isConnected).toBe(false);
    bridge.on('POST /v1/sessions', { session: intended({ customer: kim }), joined: false }, 202);
    await userEvent.click(within(screen.getByRole('form')).getByRole('button', { name: 'Create session' }));
    await waitFor(() => expect(bridge.called('POST /v1/sessions').map(({ body }) => (body as SessionCreate).customer)).toEqual([{ id: 'kim' }]));
  });

  test('whose taking part is not read yet can be chosen all the same', async () => {
    const section = await open(asked({ people, defaults, more: true }));
    await userEvent.click(creates(section) as HTMLElement);
    await screen.findByRole('form');
    expect((screen.getByLabelText('Customer') as HTMLSelectElement).selectedOptions[0]?.textContent).toBe('Kim Lund (Customer)');
  });

  const { licence: _licence, account: _account, ...unlinked } = viewer;
  test.each([
    ['without an account connected', { viewer: { ...unlinked, licence: { eligible: false }, linked: false } }],
    ['without an accepted licence', { viewer: { ...viewer, licence: { eligible: false, reason: 'free' } } }],
    ['where the project is off', { projectOff: true, people: [] }],
    ['whose account is closed', { people: [...people, person({ ...kim, standing: 'inactive', actions: [] })], defaults }],
    ['of one’s own', { askedForHelp: { id: 'ask-1', customer: kim, since: at(-7) }, viewer: { ...viewer, id: 'kim' } }],
  ] as [string, Partial<Panel>][])('no session can be created %s: it can be dismissed', async (_, changes) => {
    const section = await open(asked(changes));
    expect(creates(section)).toBeNull();
    expect(within(section).getByRole('button', { name: 'Dismiss' })).toBeTruthy();
  });

  test('dismissed: it goes at once, the panel is asked anew, and focus stays in it', async () => {
    const section = await open(asked());
    bridge.on('POST /v1/requests/ask/dismiss', () => {
      bridge.on('GET /v1/panel', panel({ version: '2' }));
      return { status: 200, body: { dismissed: true } };
    });
    await userEvent.click(within(section).getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(screen.queryByRole('region', { name: title })).toBeNull());
    await waitFor(() => expect(bridge.called('GET /v1/panel')).toHaveLength(2));
    expect(bridge.called('POST /v1/requests/ask/dismiss').map(({ body }) => body)).toEqual([{ ask: 'ask-1' }]);
    expect(document.activeElement).toBe(screen.getByRole('main'));
  });

  test('a refusal to dismiss is said there', async () => {
    const section = await open(asked());
    bridge.refuse('POST /v1/requests/ask/dismiss', 503, { code: 'storage_unavailable' });
    await userEvent.click(within(section).getByRole('button', { name: 'Dismiss' }));
    expect((await within(section).findByRole('alert')).textContent).toMatch(/cannot reach its database/);
  });

  test('nobody asks: nothing of it', async () => {
    bridge.on('GET /v1/panel', panel());
    await show(<PanelPage first={api.getPanel()} />);
    await screen.findByRole('region', { name: 'People' });
    expect(screen.queryByText(/asks for remote help/)).toBeNull();
  });
});

describe('what comes by itself', () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());
  const said = () => screen.getByRole('status').textContent ?? '';
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

  test('it is announced once, and moves nothing under the pointer', async () => {
    bridge.on('GET /v1/panel', panel());
    await show(<PanelPage first={api.getPanel()} />);
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    await user.hover(await screen.findByText('Ada Moreau'));
    bridge.on('GET /v1/panel', asked({ version: '2' }));
    await pass(8_100);
    expect(said()).toBe(title);
    expect(screen.queryByRole('region', { name: title })).toBeNull();
    await user.hover(document.body);
    await pass(100);
    expect(screen.getByRole('region', { name: title })).toBeTruthy();
    bridge.on('GET /v1/panel', asked({ version: '3' }));
    await pass(24_000);
    expect(said()).toBe('');
  });
});
