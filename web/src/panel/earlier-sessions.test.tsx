import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import type { Panel, Session } from '../api/types';
import { bridge } from '../test/bridge';
import { panel, session } from '../test/fixtures';
import { show } from '../test/render';
import { PanelPage } from './panel';

const old = (n: number): Session => session({ id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, code: `s00-000-${n}`, state: 'closed', actions: [] });
const codes = () => screen.getAllByText(/^s00-000-\d+$/).map(({ textContent }) => textContent);
const answers = (...panels: Panel[]) => bridge.on('GET /v1/panel', () => ({ status: 200, body: panels.length > 1 ? panels.shift() : panels[0] }));
const open = () => show(<PanelPage first={api.getPanel()} />);

describe('sessions that are over and many', () => {
  test('the newest are there, the earlier ones are fetched when they are wanted', async () => {
    answers(panel({ sessions: [old(4), old(3)], earlierSessions: 2 }));
    bridge.on('GET /v1/sessions', { now: '2026-02-01T09:30:00Z', sessions: [old(4), old(3), old(2), old(1)] });
    await open();
    await screen.findByText('s00-000-4');
    expect(bridge.called('GET /v1/sessions')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Show 2 earlier sessions' }));
    await screen.findByText('s00-000-1');
    expect(codes()).toEqual(['s00-000-4', 's00-000-3', 's00-000-2', 's00-000-1']);
    expect(screen.queryByRole('button', { name: /earlier session/ })).toBeNull();
    expect(document.activeElement).toBe(screen.getByText('s00-000-4').closest('ul'));
  });

  test('one that a newer one pushes out stays on the page', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    answers(panel({ version: 'a', sessions: [old(2)], earlierSessions: 1 }), panel({ version: 'b', sessions: [old(3)], earlierSessions: 2 }));
    const all = [old(2), old(1)];
    bridge.on('GET /v1/sessions', () => ({ status: 200, body: { now: '2026-02-01T09:30:00Z', sessions: [...all] } }));
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Show 1 earlier session' }));
    await screen.findByText('s00-000-1');
    all.unshift(old(3));
    await act(() => vi.advanceTimersByTimeAsync(8_500));
    await screen.findByText('s00-000-3');
    expect(codes().sort()).toEqual(['s00-000-1', 's00-000-2', 's00-000-3']);
    vi.useRealTimers();
  });

  test('one that was open when they were fetched is as it is now, once it is pushed out; where the server tells of none any more, none stays', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const then = { ...old(2), state: 'open' as const };
    answers(
      panel({ version: 'a', sessions: [then], earlierSessions: 1 }),
      panel({ version: 'b', sessions: [old(3)], earlierSessions: 2 }),
      panel({ version: 'c', sessions: [old(3)] }),
    );
    const known = [then, old(1)];
    bridge.on('GET /v1/sessions', () => ({ status: 200, body: { now: '2026-02-01T09:30:00Z', sessions: [...known] } }));
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Show 1 earlier session' }));
    await screen.findByText('s00-000-1');
    known.splice(0, 2, old(3), old(2), old(1));
    await act(() => vi.advanceTimersByTimeAsync(8_500));
    await screen.findByText('s00-000-2');
    expect(codes().sort()).toEqual(['s00-000-1', 's00-000-2', 's00-000-3']);
    expect(screen.queryByText('Open')).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(8_500));
    expect(codes()).toEqual(['s00-000-3']);
    vi.useRealTimers();
  });

  test('where they cannot be had it says so, and they can be asked for again', async () => {
    answers(panel({ sessions: [old(2)], earlierSessions: 1 }));
    bridge.cut('GET /v1/sessions');
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Show 1 earlier session' }));
    const region = screen.getByRole('region', { name: 'Sessions' });
    expect(await within(region).findByRole('alert')).toBeTruthy();
    bridge.on('GET /v1/sessions', { now: '2026-02-01T09:30:00Z', sessions: [old(2), old(1)] });
    await userEvent.click(screen.getByRole('button', { name: 'Show 1 earlier session' }));
    expect(await screen.findByText('s00-000-1')).toBeTruthy();
  });
});
