import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { api } from '../api/client';
import type { SessionCreate } from '../api/types';
import { bridge } from '../test/bridge';
import { intended, panel } from '../test/fixtures';
import { show } from '../test/render';
import { PanelPage } from './panel';

async function openForm() {
  bridge.on('GET /v1/panel', panel());
  await show(<PanelPage first={api.getPanel()} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Create session' }));
  return screen.findByRole('form', { name: 'Create a session' });
}
const submit = () => userEvent.click(screen.getByRole('button', { name: 'Create session' }));
const sent = () => bridge.called('POST /v1/sessions').map(({ body }) => body as SessionCreate);

describe('creating a session', () => {
  test('starts with the reporter, the description of the issue, and the admin’s defaults', async () => {
    await openForm();
    expect((screen.getByLabelText('Customer') as HTMLSelectElement).selectedOptions[0]?.textContent).toBe('Ada Moreau (Reporter)');
    expect((screen.getByLabelText('Description') as HTMLTextAreaElement).value).toBe('HELP-12 Printer prints blank pages');
    expect((screen.getByLabelText('Valid for') as HTMLSelectElement).selectedOptions[0]?.textContent).toBe('24 hours');
    expect(document.activeElement).toBe(screen.getByLabelText('Customer'));
    bridge.on('POST /v1/sessions', { session: intended(), joined: false }, 202);
    await submit();
    expect(await screen.findByText('Making the session')).toBeTruthy();
    expect(sent()[0]).toMatchObject({ customer: { id: 'ada' }, validityMinutes: 1440, invitation: 'public' });
    expect(screen.queryByRole('form')).toBeNull();
  });

  test('focus goes to the new session', async () => {
    await openForm();
    bridge.on('POST /v1/sessions', { session: intended(), joined: false }, 202);
    await submit();
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('New session, Being made'));
  });

  test('a customer who is not on the issue is typed in, and needs a name', async () => {
    await openForm();
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Somebody else');
    expect(screen.getByText(/Nobody is notified/)).toBeTruthy();
    await submit();
    expect(screen.getByText(/Say who the customer is/)).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('Name'));
    expect(sent()).toEqual([]);
    await userEvent.type(screen.getByLabelText('Name'), 'Zoe');
    await userEvent.type(screen.getByLabelText('E-mail address (optional)'), 'zoe');
    await submit();
    expect(screen.getByText(/not an e-mail address/)).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('E-mail address (optional)'));
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.type(screen.getByLabelText('E-mail address (optional)'), '@example.com');
    bridge.on('POST /v1/sessions', { session: intended(), joined: false }, 202);
    await submit();
    await waitFor(() => expect(sent()[0]?.customer).toEqual({ name: 'Zoe', email: 'zoe@example.com' }));
  });

  test('nobody in particular is a choice', async () => {
    await openForm();
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Nobody in particular');
    bridge.on('POST /v1/sessions', { session: intended(), joined: false }, 202);
    await submit();
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]).not.toHaveProperty('customer');
  });

  test('the same content again carries the same key, other content another one', async () => {
    await openForm();
    bridge.cut('POST /v1/sessions');
    await submit();
    expect((await screen.findByRole('alert')).textContent).toContain('It is not known whether it was done. Try again: that makes no second session.');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(sent()).toHaveLength(2));
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('does not answer'));
    expect(document.activeElement?.textContent).toContain('Try again');
    await userEvent.selectOptions(screen.getByLabelText('Valid for'), '1 hour');
    await submit();
    await waitFor(() => expect(sent()).toHaveLength(3));
    const [first, second, third] = sent();
    expect(first?.idempotencyKey).toBeTruthy();
    expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
    expect(third?.idempotencyKey).not.toBe(first?.idempotencyKey);
  });

  test('a refusal keeps what was typed', async () => {
    await openForm();
    await userEvent.type(screen.getByLabelText('Description'), ' again');
    bridge.refuse('POST /v1/sessions', 409, { code: 'licence_limit_reached', detail: { provider: 'TeamViewer' } });
    await submit();
    expect((await screen.findByRole('alert')).textContent).toContain('your licence allows no further session');
    expect((screen.getByLabelText('Description') as HTMLTextAreaElement).value).toContain('again');
  });

  test('joining somebody else’s session is told', async () => {
    await openForm();
    bridge.on('POST /v1/sessions', { session: intended({ supporter: { id: 'kim', name: 'Kim' } }), joined: true }, 202);
    await submit();
    expect(await screen.findByText(/no second one was made/)).toBeTruthy();
  });

  test('a description that is too long is refused before it is sent', async () => {
    await openForm();
    const field = screen.getByLabelText('Description');
    await userEvent.clear(field);
    await userEvent.click(field);
    await userEvent.paste('x'.repeat(4001));
    await submit();
    expect(screen.getByText('The description may have 4,000 characters; this one has 4,001.')).toBeTruthy();
    expect(document.activeElement).toBe(field);
    expect(sent()).toEqual([]);
  });

  test('Escape keeps a form in which something was typed, and one that composes a character', async () => {
    await openForm();
    fireEvent.keyDown(screen.getByLabelText('Description'), { key: 'Escape', isComposing: true });
    expect(screen.queryByRole('form')).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Description'), ' more');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('form')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('form')).toBeNull();
  });

  test('Escape leaves an untouched form and gives focus back', async () => {
    await openForm();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('form')).toBeNull();
    await waitFor(() => expect(document.activeElement?.textContent).toContain('Create session'));
  });
});
