import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { api } from '../api/client';
import type { SessionCreate } from '../api/types';
import { bridge } from '../test/bridge';
import { intended, panel, session } from '../test/fixtures';
import { show } from '../test/render';
import { isolated } from '../ui/words';
import CreateSession from './create-session';
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

  test('a connection that is of no use is told once: above, with Connect', async () => {
    const user = userEvent.setup();
    await openForm();
    bridge.refuse('POST /v1/sessions', 403, { code: 'link_expired', detail: { provider: 'TeamViewer' } });
    await submit();
    expect((await screen.findByRole('alert')).textContent).toMatch(/^TeamViewer no longer accepts.*Try again$/);
    bridge.on('GET /v1/panel', panel({ version: '2', viewer: { ...panel().viewer, linked: false, linkExpired: true } }));
    await user.click(screen.getByRole('button', { name: 'Refresh' }));
    await screen.findByRole('button', { name: 'Connect' });
    expect(screen.getAllByText(/no longer accepts/)).toHaveLength(1);
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    expect((screen.getByLabelText('Description') as HTMLTextAreaElement).value).toContain('HELP-12');
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

  test('for somebody who is not on the issue there is no comment unless it is chosen, and who would read it is said', async () => {
    await openForm();
    const invitation = screen.getByLabelText('Invitation') as HTMLSelectElement;
    expect(invitation.value).toBe('public');
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Somebody else');
    expect(invitation.value).toBe('none');
    expect(screen.queryByText(/can read the comment/)).toBeNull();
    await userEvent.selectOptions(invitation, 'public');
    expect(screen.getByText('Everybody who sees this issue can read the comment, and join with its link: the reporter too.')).toBeTruthy();
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Nobody in particular');
    expect(screen.queryByText(/can read the comment/)).toBeNull();
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Somebody else');
    expect(invitation.value).toBe('public');
  });

  test('what was chosen before by nobody goes back with the customer', async () => {
    await openForm();
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Somebody else');
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Ada Moreau (Reporter)');
    expect((screen.getByLabelText('Invitation') as HTMLSelectElement).value).toBe('public');
  });

  test('an issue without customers offers a comment for everybody, or none', async () => {
    const { defaults, ...rest } = panel();
    const software = { ...rest, defaults: { ...defaults, invitations: ['public', 'none'] } as typeof defaults };
    await show(<CreateSession panel={software} asked={undefined} onCreated={() => undefined} onCancel={() => undefined} />);
    const choices = [...(screen.getByLabelText('Invitation') as HTMLSelectElement).options].map(({ text }) => text);
    expect(choices).toEqual(['Comment on the issue, for everybody who sees it', 'No comment, I send the link myself']);
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Somebody else');
    await userEvent.selectOptions(screen.getByLabelText('Invitation'), 'public');
    expect(screen.getByText('Everybody who sees this issue can read the comment, and join with its link.')).toBeTruthy();
  });

  test('a session that the customer could join already is named', async () => {
    bridge.on('GET /v1/panel', panel({ sessions: [session(), session({ id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f2', code: 's99-999-999', customer: { name: 'Zoe' } })] }));
    await show(<PanelPage first={api.getPanel()} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Create session' }));
    await screen.findByRole('form');
    expect(screen.getByText(`s12-345-678 for ${isolated('Ada Moreau')} is still open.`)).toBeTruthy();
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Somebody else');
    expect(screen.queryByText(/is still open/)).toBeNull();
    await userEvent.type(screen.getByLabelText('Name'), ' Zoe');
    expect(screen.getByText(`s99-999-999 for ${isolated('Zoe')} is still open.`)).toBeTruthy();
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'Nobody in particular');
    expect(screen.queryByText(/is still open/)).toBeNull();
  });

  test('Escape keeps a form in which something was typed, and one that composes a character', async () => {
    await openForm();
    fireEvent.keyDown(screen.getByLabelText('Description'), { key: 'Escape', isComposing: true });
    expect(screen.queryByRole('form')).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Description'), ' more');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('form')).toBeTruthy();
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Esc keeps what you typed. Cancel throws it away.'));
    expect(screen.getByText(/^Esc keeps what you typed/, { selector: 'form p' })).toBeTruthy();
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
