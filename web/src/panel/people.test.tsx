import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import type { IssuePerson, Panel, PersonAction } from '../api/types';
import { bridge } from '../test/bridge';
import { at, panel, person } from '../test/fixtures';
import { show } from '../test/render';
// Loaded when it is wanted; on a busy machine that takes longer than a test waits.
import './create-session';
import { PanelPage } from './panel';

const open = (locale?: string) => show(<PanelPage first={api.getPanel()} />, locale);
let version = 1;
const answer = (...people: IssuePerson[]): Panel => panel({ version: String((version += 1)), people });
const shows = (body: Panel) => bridge.on('GET /v1/panel', body);
const row = (name = 'Ada Moreau') => screen.findByRole('listitem', { name });
const buttons = (element: HTMLElement) => within(element).queryAllByRole('button').map((button) => button.getAttribute('aria-label') ?? button.textContent);
const modes: PersonAction[] = ['chat', 'call', 'control', 'present'];
const online = (changes: Partial<IssuePerson> = {}) =>
  person({ standing: 'online', presence: 'online', matchedBy: 'profile_address', actions: [...modes, 'create_session'], ...changes });
const hidden = (changes: Partial<IssuePerson> = {}) => person({ standing: 'address_not_shared', actions: ['map', 'create_session'], ...changes });
const kMore = 'More actions for Ada Moreau';

describe('each standing', () => {
  test.each<[string, IssuePerson, string, string[]]>([
    ['no address', hidden(), 'No shared address', [kMore, 'How?', 'Map']],
    ['no contact', person({ matchedBy: 'profile_address', actions: ['add', 'map', 'create_session'] }), 'Not in your contacts', [kMore, 'Add', 'Map']],
    ['an address of the app', person({ matchedBy: 'jira_address', actions: ['map', 'create_session'], disabled: [{ action: 'add', reason: 'address_of_app' }] }), 'Not in your contacts', [kMore, 'Add', 'Map']],
    ['invited elsewhere', person({ standing: 'invited', actions: ['resend_invitation', 'create_session'] }), 'Invited, not answered yet', [kMore, 'Send again']],
    ['being invited', person({ standing: 'invited', invitation: { state: 'pending' }, actions: ['create_session'], disabled: [{ action: 'resend_invitation', reason: 'resend_too_early' }] }), 'Invitation is being sent', [kMore, 'Send again']],
    ['offline', person({ standing: 'offline', presence: 'offline', actions: ['create_session'] }), 'Offline', [kMore]],
    ['away', online({ standing: 'away', presence: 'away' }), 'Away', [kMore, 'Chat', 'Video call', 'Remote control', 'Presentation']],
    ['busy', online({ standing: 'busy', presence: 'busy' }), 'Busy', [kMore, 'Chat', 'Video call', 'Remote control', 'Presentation']],
    ['online', online(), 'Online', [kMore, 'Chat', 'Video call', 'Remote control', 'Presentation']],
    ['unknown', person({ standing: 'unknown', actions: [] }), 'Presence not known', []],
    ['unknown now, known before', person({ standing: 'unknown', presence: 'online', actions: [] }), 'Last known: Online', []],
    ['deactivated', person({ standing: 'inactive', actions: [] }), 'Account deactivated', []],
    ['self', person({ standing: 'self', actions: [] }), 'You', []],
    ['an address that is none', hidden({ addressProblem: 'malformed' }), 'Address cannot be used', [kMore, 'How?', 'Map']],
    ['an address that the provider does not take', hidden({ addressProblem: 'refused', matchedBy: 'mapping' }), 'Address not accepted by TeamViewer', [kMore, 'How?', 'Map']],
    ['the address of one’s own account', hidden({ addressProblem: 'own', matchedBy: 'profile_address' }), 'Your own TeamViewer address', [kMore, 'How?', 'Map']],
  ])('%s', async (_, one, words, offered) => {
    shows(answer(one));
    await open();
    const element = await row();
    expect(within(element).getByText(words)).toBeTruthy();
    expect(buttons(element)).toEqual(offered);
  });

  test('somebody whose account was deleted is a former user, in the reader’s language, with no action', async () => {
    shows(answer(person({ name: 'Former user', former: true, standing: 'inactive', actions: [] })));
    await open('fr_FR');
    const element = await row('Ancien utilisateur');
    expect(within(element).getByText('Compte supprimé')).toBeTruthy();
    expect(within(element).queryByText('Former user')).toBeNull();
    expect(buttons(element)).toEqual([]);
  });

  test.each<[NonNullable<IssuePerson['addressProblem']>, RegExp]>([
    ['malformed', /is none that can be used.*They can correct it/],
    ['refused', /TeamViewer takes the address .* for no e-mail address/],
    ['own', /the one of your own TeamViewer account/],
  ])('an address that is of no use is explained for what it is: %s', async (addressProblem, explained) => {
    shows(answer(hidden({ addressProblem })));
    await open();
    const element = await row();
    await userEvent.click(within(element).getByRole('button', { name: 'How?' }));
    expect(within(element).getByText(explained)).toBeTruthy();
    expect(within(element).queryByText(/e-mail address is not shown to apps/)).toBeNull();
  });

  test('an invitation says since when, with the exact time', async () => {
    shows(answer(person({ standing: 'invited', invitation: { state: 'sent', sentAt: at(-125) }, actions: ['create_session'], disabled: [{ action: 'resend_invitation', reason: 'resend_too_early' }] })));
    await open();
    expect(within(await row()).getByRole('button', { name: 'Invited 2 h 05 ago, not answered yet' }).getAttribute('title')).toMatch(/^Invited /);
  });

  test('an invitation that did not leave says why, and can be sent', async () => {
    shows(answer(person({ matchedBy: 'profile_address', invitation: { state: 'failed', why: 'provider_permission' }, actions: ['add', 'map', 'create_session'] })));
    await open();
    const element = await row();
    expect(within(element).getByText(/TeamViewer says that your account may not do this/)).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(within(element).getByRole('button', { name: 'Add' })).toBeTruthy();
  });

  test('one that could not be sent again says why, and since when the former one waits', async () => {
    const invitation = { state: 'failed', sentAt: at(-1500), why: 'provider_permission' } as const;
    shows(answer(person({ standing: 'invited', matchedBy: 'profile_address', invitation, actions: ['resend_invitation', 'create_session'] })));
    await open();
    const element = await row();
    expect(within(element).getByText(/TeamViewer says that your account may not do this/)).toBeTruthy();
    expect(within(element).getByRole('button', { name: /^Invited .* ago, not answered yet$/ })).toBeTruthy();
    expect(within(element).getByRole('button', { name: 'Send again' }).getAttribute('aria-disabled')).toBeNull();
  });

  test('one that is being sent again says so, not since when the former one waits', async () => {
    const invitation = { state: 'pending', sentAt: at(-1500) } as const;
    shows(answer(person({ standing: 'invited', invitation, actions: ['create_session'], disabled: [{ action: 'resend_invitation', reason: 'resend_too_early' }] })));
    await open();
    expect(within(await row()).getByText('Invitation is being sent')).toBeTruthy();
  });

  const markOf = async (name?: string) => (await row(name)).querySelector('.presence');

  test('a presence is drawn, each in a shape of its own, and never said: the words beside it do, in the reader’s language', async () => {
    const all = ['online', 'busy', 'away', 'offline'] as const;
    shows(answer(...all.map((standing) => person({ id: standing, name: standing, standing, presence: standing, actions: [] }))));
    await open('fr-FR');
    const shapes = await Promise.all(all.map(async (standing) => {
      const mark = await markOf(standing);
      expect(mark?.classList.contains(`presence-${standing}`)).toBe(true);
      expect(mark?.getAttribute('aria-hidden')).toBe('true');
      return mark?.innerHTML;
    }));
    expect(new Set(shapes).size).toBe(all.length);
    expect(within(await row('away')).getByText('Absent')).toBeTruthy();
    expect(screen.queryByRole('img')).toBeNull();
    expect(document.body.textContent).not.toMatch(/\((online|busy|focus|offline)\)/);
  });

  test('a presence that was true once is not drawn as one that is', async () => {
    shows(answer(person({ standing: 'unknown', presence: 'online', actions: [] }), online({ id: 'zoe', name: 'Zoe' }), person({ id: 'kim', name: 'Kim' })));
    await open();
    expect(await markOf()).toBeNull();
    expect(await markOf('Zoe')).toBeTruthy();
    expect(await markOf('Kim')).toBeNull();
  });

  test('a way that is off says why without being pointed at; so do an Add and a Send again', async () => {
    shows(
      answer(
        online({ actions: ['chat', 'create_session'], disabled: [{ action: 'call', reason: 'not_supported' }, { action: 'control', reason: 'not_supported' }] }),
        person({ id: 'zoe', name: 'Zoe', matchedBy: 'jira_address', actions: ['map'], disabled: [{ action: 'add', reason: 'address_of_app' }] }),
        person({ id: 'kim', name: 'Kim', standing: 'invited', invitation: { state: 'sent', sentAt: at(-125) }, actions: [], disabled: [{ action: 'resend_invitation', reason: 'resend_too_early' }] }),
      ),
    );
    await open();
    expect(within(await row()).getByText('Not in their TeamViewer client: Video call and Remote control')).toBeTruthy();
    expect(within(await row('Zoe')).getByText('Cannot be added: their address is hidden')).toBeTruthy();
    expect(within(await row('Kim')).getByRole('button', { name: /^Can be sent again in 21 h 5[345]$/ }).getAttribute('title')).toMatch(/^Can be sent again from \w+ \d/);
  });

  test('in French', async () => {
    shows(answer(online(), hidden({ id: 'zoe', name: 'Zoe' })));
    await open('fr-FR');
    expect(buttons(await row())).toEqual(['Autres actions pour Ada Moreau', 'Chat', 'Appel vidéo', 'Contrôle à distance', 'Présentation']);
    expect(buttons(await row('Zoe'))).toEqual(['Autres actions pour Zoe', 'Comment\u202f?', 'Rattacher']);
  });
});

describe('what can be done', () => {
  test('Add asks the server, says what happens now, and keeps focus on the row', async () => {
    shows(answer(person({ matchedBy: 'profile_address', actions: ['add', 'map', 'create_session'] })));
    bridge.on('POST /v1/people/ada/contact', { person: person({ roles: [], standing: 'invited', invitation: { state: 'pending' }, actions: ['create_session'], disabled: [{ action: 'resend_invitation', reason: 'resend_too_early' }] }) }, 202);
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Add' }));
    expect(await screen.findByText('Invitation is being sent')).toBeTruthy();
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Ada Moreau: Invitation is being sent'));
    expect(within(await row()).getByText(/TeamViewer sends the invitation/)).toBeTruthy();
    expect(within(await row()).getByText('Reporter')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('listitem', { name: 'Ada Moreau' })));
  });

  test('a button that is off is reached by keyboard, describes itself with the reason, and says it when pressed', async () => {
    shows(answer(online({ actions: ['chat', 'present', 'create_session'], disabled: [{ action: 'call', reason: 'not_supported' }, { action: 'control', reason: 'not_supported' }] })));
    await open();
    const call = within(await row()).getByRole('button', { name: 'Video call' });
    expect(call.getAttribute('aria-disabled')).toBe('true');
    const reason = 'The TeamViewer client of this person cannot do that.';
    expect(document.getElementById(call.getAttribute('aria-describedby') ?? '')?.textContent).toBe(reason);
    within(await row()).getByRole('button', { name: 'Chat' }).focus();
    await userEvent.tab();
    expect(document.activeElement).toBe(call);
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe(reason));
    expect(bridge.called('POST /v1/people/ada/launch')).toEqual([]);
    expect(document.activeElement).toBe(call);
  });

  test('Send again is off until a day has passed, and then sends', async () => {
    const invited = { standing: 'invited', invitation: { state: 'sent', sentAt: at(-100) } } as const;
    shows(answer(person({ ...invited, actions: ['create_session'], disabled: [{ action: 'resend_invitation', reason: 'resend_too_early' }] })));
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Send again' }));
    expect(within(await row()).getAllByText(/can be sent again once a day/).length).toBeGreaterThan(1);
    expect(bridge.called('POST /v1/people/ada/contact')).toEqual([]);
    shows(answer(person({ ...invited, actions: ['resend_invitation', 'create_session'] })));
    bridge.on('POST /v1/people/ada/contact', { person: person({ standing: 'invited', invitation: { state: 'pending' } }) }, 202);
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Send again' }).getAttribute('aria-disabled')).toBeNull());
    await userEvent.click(screen.getByRole('button', { name: 'Send again' }));
    await waitFor(() => expect(bridge.called('POST /v1/people/ada/contact')).toHaveLength(1));
  });

  test.each([
    ['Chat', 'chat'],
    ['Video call', 'call'],
    ['Remote control', 'control'],
    ['Presentation', 'present'],
  ])('%s asks for a link of its own, opens it in a new tab and gives the hint', async (name, mode) => {
    shows(answer(online()));
    bridge.on('POST /v1/people/ada/launch', { url: 'https://start.teamviewer.example/contact/1/mode/x' });
    await open();
    const button = within(await row()).getByRole('button', { name });
    await userEvent.click(button);
    await waitFor(() => expect(bridge.opened).toEqual([{ url: 'https://start.teamviewer.example/contact/1/mode/x', type: 'new-tab' }]));
    expect(bridge.called('POST /v1/people/ada/launch')[0]?.body).toEqual({ mode });
    expect(await within(await row()).findByText('Nothing opened? Install or start the TeamViewer app; both sides must be signed in.')).toBeTruthy();
    expect(document.activeElement).toBe(button);
    expect(document.body.innerHTML).not.toContain('start.teamviewer.example');
  });

  test.each([
    ['not_reachable', { standing: 'offline' }, /cannot be reached now/],
    ['contact_gone', undefined, /no longer in your contacts/],
    ['mode_not_supported', { mode: 'chat' }, /client cannot do that/],
    ['provider_unreachable', { provider: 'TeamViewer' }, /TeamViewer does not answer/],
  ])('a launch that is refused as %s says so on the row; focus stays', async (code, detail, words) => {
    shows(answer(online(), online({ id: 'zoe', name: 'Zoe' })));
    bridge.refuse('POST /v1/people/ada/launch', code === 'provider_unreachable' ? 502 : 409, { code, ...(detail ? { detail } : {}) });
    await open();
    const button = within(await row()).getByRole('button', { name: 'Chat' });
    await userEvent.click(button);
    expect((await within(await row()).findByRole('alert')).textContent).toMatch(words);
    expect(within(await row('Zoe')).queryByRole('alert')).toBeNull();
    expect(document.activeElement).toBe(button);
    expect(bridge.opened).toEqual([]);
  });

  test('an id is percent-encoded on its way', async () => {
    shows(answer(online({ id: 'qm:7c1e/04', name: 'Hana' })));
    bridge.on('POST /v1/people/qm%3A7c1e%2F04/launch', { url: 'https://start.teamviewer.example/x' });
    await open();
    await userEvent.click(within(await row('Hana')).getByRole('button', { name: 'Chat' }));
    await waitFor(() => expect(bridge.opened).toHaveLength(1));
  });

  test('Create session from the row opens the form for this person, and leaving it gives focus back', async () => {
    shows(panel({ people: [online(), online({ id: 'zoe', name: 'Zoe', roles: ['commenter'] })], defaults: { ...panel().defaults, customers: ['ada', 'zoe'] } }));
    await open();
    const more = within(await row('Zoe')).getByRole('button', { name: 'More actions for Zoe' });
    await userEvent.click(more);
    await userEvent.click(screen.getByRole('menuitem', { name: 'Create session' }));
    const customer = await screen.findByLabelText('Customer');
    expect((customer as HTMLSelectElement).value).toBe('zoe');
    expect([...(customer as HTMLSelectElement).options].map(({ text }) => text)).toEqual(['Ada Moreau (Reporter)', 'Zoe (Commented)', 'Somebody else', 'Nobody in particular']);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
    expect(document.activeElement).toBe(more);
  });
});

describe('who a person is', () => {
  test('How? explains a hidden address with the way to the setting', async () => {
    shows(answer(hidden()));
    await open();
    const how = within(await row()).getByRole('button', { name: 'How?' });
    expect(how.getAttribute('aria-expanded')).toBe('false');
    await userEvent.click(how);
    expect(screen.getByText(/“Profile and visibility”.*“Anyone”/)).toBeTruthy();
    expect(how.getAttribute('aria-expanded')).toBe('true');
  });

  test('tied to a contact that is found by name', async () => {
    shows(answer(hidden()));
    bridge.on('GET /v1/contacts', ({ path }) => ({ status: 200, body: { contacts: path.endsWith('search=mor') ? [{ id: 'c1', name: 'A. Moreau', presence: 'busy' }, { id: 'c2', name: 'B. Moreau', presence: 'offline' }] : [], more: false } }));
    bridge.on('PUT /v1/people/ada/mapping', { person: online({ matchedBy: 'mapping', mapping: { to: 'A. Moreau', by: { id: 'robin', name: 'Robin Hale' }, at: '2026-03-02T10:00:00Z' } }) });
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Map' }));
    const field = await screen.findByLabelText('Name of a contact, or an e-mail address');
    expect(document.activeElement).toBe(field);
    await userEvent.type(field, 'mor');
    const found = await screen.findByRole('list', { name: 'Contacts' });
    expect(within(found).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([expect.stringContaining('Busy'), expect.stringContaining('Offline')]);
    expect(bridge.called('GET /v1/contacts').length).toBeLessThan(3);
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('2 contacts'));
    await userEvent.click(within(found).getByRole('button', { name: /A. Moreau/ }));
    expect(await screen.findByText(/^Mapped to .A. Moreau. by .Robin Hale., Mar 2, 2026/)).toBeTruthy();
    expect(bridge.called('PUT /v1/people/ada/mapping')[0]?.body).toEqual({ contact: 'c1' });
    expect(screen.queryByRole('form')).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('listitem', { name: 'Ada Moreau' })));
  });

  test('tied to an address that is typed in; what does not fit is said, and nothing typed is lost', async () => {
    shows(answer(hidden()));
    bridge.refuse('PUT /v1/people/ada/mapping', 400, { code: 'invalid_field', detail: { field: 'address', rule: 'email' } });
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Map' }));
    const field = await screen.findByLabelText('Name of a contact, or an e-mail address');
    await userEvent.type(field, 'ada@x,y{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe('E-mail address: this is not an e-mail address. Nothing was changed. Correct it and try again.');
    expect((field as HTMLInputElement).value).toBe('ada@x,y');
    bridge.on('PUT /v1/people/ada/mapping', { person: person({ matchedBy: 'mapping' }) });
    await userEvent.clear(field);
    await userEvent.type(field, ' ada@example.com ');
    await userEvent.click(screen.getByRole('button', { name: 'Use this address' }));
    await waitFor(() => expect(bridge.called('PUT /v1/people/ada/mapping').at(-1)?.body).toEqual({ address: 'ada@example.com' }));
    expect(bridge.called('GET /v1/contacts').some(({ path }) => path.includes('%40'))).toBe(false);
  });

  test('more contacts than are shown: said, and heard', async () => {
    shows(answer(hidden()));
    bridge.on('GET /v1/contacts', { contacts: [{ id: 'c1', name: 'A. Moreau', presence: 'busy' }], more: true });
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Map' }));
    await userEvent.type(await screen.findByRole('textbox'), 'mo');
    await screen.findByRole('list', { name: 'Contacts' });
    expect(screen.getByText('There are more. Type more of the name.')).toBeTruthy();
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('1 contact. There are more. Type more of the name.'));
  });

  test('nobody found, a search that fails and is tried again, Escape', async () => {
    shows(answer(hidden()));
    bridge.on('GET /v1/contacts', { contacts: [], more: false });
    await open();
    const opener = within(await row()).getByRole('button', { name: 'Map' });
    await userEvent.click(opener);
    const field = await screen.findByLabelText('Name of a contact, or an e-mail address');
    await userEvent.type(field, 'nn');
    expect(await screen.findByText('None of your contacts has “nn” in the name.')).toBeTruthy();
    bridge.refuse('GET /v1/contacts', 502, { code: 'provider_unreachable', detail: { provider: 'TeamViewer' } });
    await userEvent.type(field, 'n');
    expect((await screen.findByRole('alert')).textContent).toContain('TeamViewer does not answer');
    await userEvent.keyboard('{Escape}');
    expect(screen.getByRole('form')).toBeTruthy();
    await userEvent.clear(field);
    field.focus();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
    expect(document.activeElement?.textContent).toBe('Map');
  });

  test('Undo unties', async () => {
    shows(answer(online({ matchedBy: 'mapping', mapping: { to: 'ada@example.com', by: { id: 'kim', name: 'Kim' }, at: '2026-03-02T10:00:00Z' } })));
    bridge.on('DELETE /v1/people/ada/mapping', { person: hidden() });
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('No shared address')).toBeTruthy();
    expect(screen.queryByText(/^Mapped to/)).toBeNull();
  });

  describe('a tie by hand that does not count says so and why, never that it is how they were found; and Undo is there', () => {
    const mapping = { to: 'A. Moreau', by: { id: 'kim', name: 'Kim' }, at: '2026-03-02T10:00:00Z' };
    const kNobody = 'It leads to none of your contacts.';
    test.each<[string, IssuePerson, string[]]>([
      ['the contact is gone', hidden({ mapping }), [kNobody]],
      ['the contact is gone, and their address can be seen', online({ mapping }), [kNobody, 'What counts is the address on their Atlassian profile.']],
      ['the contact is gone, and the app knows their address', online({ mapping, matchedBy: 'jira_address' }), [kNobody, 'What counts is the address that Jira gives to the app only.']],
      ['they have connected an account themselves', online({ mapping, matchedBy: 'linked_account' }), ['What counts is the TeamViewer account that they connected in Jira.']],
    ])('%s', async (_, one, reasons) => {
      shows(answer(one));
      await open();
      const said = within(await row()).getByText(/does not count/).textContent ?? '';
      expect(said.replace(/[\u2068\u2069]/g, '').replace(/Mar 2.*M,/, '')).toBe(['The mapping to A. Moreau by Kim,  does not count.', ...reasons].join(' '));
      expect(within(await row()).queryByText(/^Mapped/)).toBeNull();
      expect(within(await row()).getByRole('button', { name: 'Undo' })).toBeTruthy();
    });

    test('how they were found can be asked, as of everybody', async () => {
      shows(answer(online({ mapping })));
      await open();
      await userEvent.click(await screen.findByRole('button', { name: kMore }));
      await userEvent.click(screen.getByRole('menuitem', { name: 'How they were found' }));
      expect(within(await row()).getByText('Found by the address on their Atlassian profile.')).toBeTruthy();
    });

    test.each(['self', 'inactive'] as const)('of somebody with whom nothing can be done it is not spoken: %s', async (standing) => {
      shows(answer(person({ standing, mapping, actions: [] })));
      await open();
      expect(buttons(await row())).toEqual([]);
      expect(within(await row()).queryByText(/A. Moreau/)).toBeNull();
    });
  });

  test('how somebody was found is said on demand', async () => {
    shows(answer(online()));
    await open();
    expect(screen.queryByText(/^Found by/)).toBeNull();
    await userEvent.click(await screen.findByRole('button', { name: kMore }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'How they were found' }));
    expect(screen.getByText('Found by the address on their Atlassian profile.')).toBeTruthy();
  });
});

describe('what changes by itself', () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());
  const later = () => act(() => vi.advanceTimersByTimeAsync(8_100));

  test('a standing changes within the pace of the panel, is announced, and an open form keeps what is typed and focus', async () => {
    const zoe = (changes: Partial<IssuePerson> = {}) => person({ id: 'zoe', name: 'Zoe', standing: 'invited', actions: ['create_session'], ...changes });
    shows(answer(hidden(), zoe()));
    bridge.on('GET /v1/contacts', { contacts: [], more: false });
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Map' }));
    const field = await screen.findByLabelText('Name of a contact, or an e-mail address');
    await userEvent.type(field, 'ad');
    shows(answer(person({ matchedBy: 'profile_address', actions: ['add', 'map', 'create_session'] }), zoe({ standing: 'online', presence: 'online', actions: [...modes, 'create_session'] })));
    await later();
    expect(buttons(await row('Zoe'))).toContain('Chat');
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Ada Moreau: Not in your contacts. Zoe: Online'));
    expect(document.activeElement).toBe(field);
    expect((field as HTMLInputElement).value).toBe('ad');
  });

  test('nobody moves while the agent is at somebody; afterwards they take their places', async () => {
    const ada = online();
    const zoe = online({ id: 'zoe', name: 'Zoe', roles: ['commenter'] });
    const names = () => within(screen.getByRole('region', { name: 'People' })).getAllByRole('listitem').map((element) => element.getAttribute('aria-label'));
    shows(answer(ada, zoe));
    await open();
    const chat = within(await row('Zoe')).getByRole('button', { name: 'Chat' });
    chat.focus();
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    shows(answer(online({ id: 'new', name: 'New' }), zoe, ada));
    await later();
    expect(names()).toEqual(['Ada Moreau', 'Zoe', 'New']);
    expect(document.activeElement).toBe(chat);
    act(() => chat.blur());
    await waitFor(() => expect(names()).toEqual(['New', 'Zoe', 'Ada Moreau']));
  });

  test('what was said of somebody goes when they stand elsewhere', async () => {
    shows(answer(online({ actions: ['chat', 'create_session'], disabled: [{ action: 'call', reason: 'not_supported' }] })));
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Video call' }));
    expect(within(await row()).getByText(/cannot do that/, { selector: 'p' })).toBeTruthy();
    shows(answer(person({ standing: 'offline', presence: 'offline', actions: ['create_session'] })));
    await later();
    expect(within(await row()).queryByText(/cannot do that/)).toBeNull();
  });

  test('so does a refusal; one that says just how they stand now stays until that has changed too', async () => {
    bridge.refuse('POST /v1/people/ada/launch', 409, { code: 'mode_not_supported', detail: { mode: 'chat', provider: 'TeamViewer' } });
    bridge.refuse('POST /v1/people/zoe/launch', 409, { code: 'contact_gone' });
    bridge.refuse('POST /v1/people/yan/contact', 409, { code: 'address_not_shared' });
    const zoe = (changes: Partial<IssuePerson> = {}) => online({ id: 'zoe', name: 'Zoe', ...changes });
    const yan = (changes: Partial<IssuePerson> = {}) => person({ id: 'yan', name: 'Yan', matchedBy: 'profile_address', actions: ['add', 'map', 'create_session'], ...changes });
    shows(answer(online(), zoe(), yan()));
    await open();
    for (const name of ['Ada Moreau', 'Zoe']) await userEvent.click(within(await row(name)).getByRole('button', { name: 'Chat' }));
    await userEvent.click(within(await row('Yan')).getByRole('button', { name: 'Add' }));
    expect(within(await row()).getByRole('alert').textContent).toMatch(/client cannot do that/);
    expect(within(await row('Zoe')).getByRole('alert').textContent).toMatch(/no longer in your contacts/);
    expect(within(await row('Yan')).getByRole('alert').textContent).toMatch(/shares no mail address, so nothing was done/);
    shows(answer(online({ standing: 'busy', presence: 'busy' }), person({ id: 'zoe', name: 'Zoe', actions: ['add'] }), hidden({ id: 'yan', name: 'Yan' })));
    await later();
    expect(within(await row()).queryByRole('alert')).toBeNull();
    for (const name of ['Zoe', 'Yan']) expect(within(await row(name)).getByRole('alert')).toBeTruthy();
    shows(answer(online(), zoe(), yan()));
    await later();
    expect(within(await row()).getByText('Online')).toBeTruthy();
    for (const name of ['Ada Moreau', 'Zoe', 'Yan']) expect(within(await row(name)).queryByRole('alert')).toBeNull();
  });

  test('who is announced is called as on their row, and stands in its words, in the reader’s language', async () => {
    const people = (changes: Partial<IssuePerson>, zoe: Partial<IssuePerson>) => answer(person(changes), hidden({ id: 'zoe', name: 'Zoe', ...zoe }));
    shows(people({}, {}));
    await open('fr-FR');
    await row();
    shows(people({ name: 'Former user', former: true, standing: 'inactive', actions: [] }, { addressProblem: 'malformed' }));
    await later();
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Ancien utilisateur\u00a0: Compte supprimé. Zoe\u00a0: Adresse inutilisable'));
    for (const [name, words] of [['Ancien utilisateur', 'Compte supprimé'], ['Zoe', 'Adresse inutilisable']] as const) expect(within(await row(name)).getByText(words)).toBeTruthy();
  });

  test('whose button goes with focus on it keeps focus on the row', async () => {
    shows(answer(online()));
    await open();
    within(await row()).getByRole('button', { name: 'Chat' }).focus();
    shows(answer(person({ standing: 'offline', presence: 'offline', actions: ['create_session'] })));
    await later();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('listitem', { name: 'Ada Moreau' })));
  });

  test('an invitation that is being sent is followed more closely', async () => {
    shows(answer(person({ matchedBy: 'profile_address', actions: ['add', 'create_session'] })));
    bridge.on('POST /v1/people/ada/contact', { person: person({ standing: 'invited', invitation: { state: 'pending' } }) }, 202);
    await open();
    await userEvent.click(within(await row()).getByRole('button', { name: 'Add' }));
    shows(answer(person({ standing: 'invited', invitation: { state: 'sent', sentAt: at(0) } })));
    await act(() => vi.advanceTimersByTimeAsync(2_100));
    expect(await screen.findByText('Invited just now, not answered yet')).toBeTruthy();
  });

  test('a presence that was old when the server told it says so, whatever it is', async () => {
    shows(answer(online({ presenceAge: 130 }), person({ id: 'zoe', name: 'Zoe', standing: 'unknown', presence: 'online', presenceAge: 40, actions: [] }), person({ id: 'kim', name: 'Kim', presenceAge: 40 })));
    await open();
    expect(within(await row()).getByText('2 min ago')).toBeTruthy();
    expect(within(await row('Zoe')).getByText('40 s ago')).toBeTruthy();
    expect(within(await row('Kim')).queryByText(/ago/)).toBeNull();
  });

  test('a presence grows old while no answer comes: told from ten seconds on, in steps of ten, on no live region; and no longer once one has come', async () => {
    shows(answer(online()));
    await open();
    await row();
    const pass = (seconds: number) => act(() => vi.advanceTimersByTimeAsync(seconds * 1000));
    const age = async () => within(await row()).queryByText(/ ago$/)?.textContent;
    let answers: (body: object) => void = () => undefined;
    bridge.on('GET /v1/panel', async () => ({ status: 200, body: await new Promise<object>((resolve) => { answers = resolve; }) }));
    await pass(9.5);
    expect(await age()).toBeUndefined();
    await pass(1);
    expect(await age()).toBe('10 s ago');
    await pass(8);
    expect(await age()).toBe('10 s ago');
    await pass(2);
    expect(await age()).toBe('20 s ago');
    expect(screen.getByRole('status').textContent).toBe('');
    answers({ changed: false, version: String(version) });
    await pass(0.1);
    expect(await age()).toBeUndefined();
  });

  test('many changes at once are a number, and what is not known any more is said at the end only', async () => {
    const people = (standing: IssuePerson['standing']) => Array.from({ length: 5 }, (_, n) => person({ id: `p${n}`, name: `Person ${n}`, standing, actions: [] }));
    shows(answer(...people('offline')));
    await open();
    await row('Person 4');
    shows(answer(...people('away')));
    await later();
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('5 people have changed'));
    shows({ ...answer(...people('unknown')), missing: [{ what: 'presence', why: 'provider_unreachable', asOf: '2026-03-02T13:02:00Z' }] });
    await later();
    expect(screen.getByText(/^TeamViewer does not answer\. Presence is as of 2:02/, { selector: 'p' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/^TeamViewer does not answer/));
  });

  test('while older comments are read, it says so', async () => {
    shows({ ...answer(person()), more: true });
    await open();
    expect(await screen.findByText('Still reading who is on this issue')).toBeTruthy();
  });
});
