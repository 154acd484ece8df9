import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import type { ProjectSettingsUpdate } from '../api/types';
import { bridge } from '../test/bridge';
import { emptyPreview, projectSettings } from '../test/fixtures';
import { show } from '../test/render';
import { ProjectPage } from './project';

beforeEach(() => {
  bridge.context.extension = { type: 'jira:projectSettingsPage', project: { id: '10000', key: 'HELP', type: 'service_desk' } };
  bridge.on('POST /v1/settings/preview', emptyPreview);
});

const ready = async (changes = {}) => {
  bridge.on('GET /v1/settings', projectSettings(changes));
  await show(<ProjectPage />);
  await screen.findByLabelText('Offer remote support in this project');
};
const save = () => userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
const saved = () => bridge.called('PUT /v1/settings').map(({ body }) => body as ProjectSettingsUpdate);
const editor = () => screen.getByRole('textbox', { name: 'Customer text' }) as HTMLTextAreaElement;

test('it asks for the project that the page stands in', async () => {
  await ready();
  expect(bridge.called('GET /v1/settings')[0]?.path).toBe('/v1/settings?project=HELP');
});

test('where Jira does not say which project this is, that is said, and nothing is asked for', async () => {
  bridge.context.extension = {};
  await show(<ProjectPage />);
  expect(await screen.findByText(/Jira did not say which project this is/)).toBeTruthy();
  expect(bridge.calls).toEqual([]);
});

test.each([
  ['forbidden', 403, { detail: { reason: 'not_project_admin' } }, 'for the project’s admins'],
  ['not_paired', 403, {}, 'not paired'],
  ['jira_unreachable', 502, {}, 'Jira does not answer'],
])('a refusal is said, and can be tried again: %s', async (code, status, more, words) => {
  bridge.refuse('GET /v1/settings', status, { code, ...more });
  await show(<ProjectPage />);
  expect(await screen.findByText(new RegExp(words))).toBeTruthy();
  bridge.on('GET /v1/settings', projectSettings());
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByLabelText('Offer remote support in this project')).toBeTruthy();
});

test('only what was changed is said, and all of it is sent with the version that was read', async () => {
  await ready({ version: 4, allowedGroups: ['support'] });
  await userEvent.click(screen.getByLabelText('Offer remote support in this project'));
  await userEvent.type(screen.getByLabelText('Jira groups whose members may use sessions'), '\nsecond line');
  expect(screen.getByText('Not saved yet: remote support on or off and allowed groups')).toBeTruthy();
  bridge.on('PUT /v1/settings', projectSettings({ version: 5, enabled: false, allowedGroups: ['support', 'second line'] }));
  await save();
  await screen.findAllByText('Settings saved.');
  expect(saved()).toEqual([{ version: 4, enabled: false, customerText: {}, allowedGroups: ['support', 'second line'] }]);
  expect(bridge.called('PUT /v1/settings')[0]?.path).toBe('/v1/settings?project=HELP');
});

test('a language has the site’s text until it is given one of its own, and can go back', async () => {
  await ready({ customerText: { fr: 'Rejoignez {{session.link}}' } });
  expect((screen.getByLabelText('The site’s text') as HTMLInputElement).checked).toBe(true);
  expect(screen.queryByRole('textbox', { name: 'Customer text' })).toBeNull();
  await userEvent.click(screen.getByLabelText('A text of this project'));
  expect(editor().value).toBe('Hello, open {{session.link}}');
  expect(screen.getByText('Not saved yet: customer text (English)')).toBeTruthy();
  await userEvent.click(screen.getByLabelText('The site’s text'));
  expect(screen.queryByText(/Not saved yet/)).toBeNull();
  await userEvent.click(screen.getByRole('tab', { name: 'French' }));
  expect(editor().value).toBe('Rejoignez {{session.link}}');
  await userEvent.click(screen.getByLabelText('The site’s text'));
  bridge.on('PUT /v1/settings', projectSettings());
  await save();
  await waitFor(() => expect(saved()[0]?.customerText).toEqual({}));
});

test('a refused text comes into sight in its language, and a group that Jira does not have is marked', async () => {
  await ready({ customerText: { fr: 'Rejoignez {{session.link}}' }, allowedGroups: ['suport'], site: { ...projectSettings().site, allowedGroups: ['staff'] } });
  expect(screen.getByText(/The site already lets only members of “staff” use sessions/)).toBeTruthy();
  await userEvent.click(screen.getByLabelText('Offer remote support in this project'));
  bridge.refuse('PUT /v1/settings', 400, { code: 'customer_text_invalid', detail: { language: 'fr', problems: [] } });
  await save();
  expect(await screen.findByRole('tab', { name: 'French', selected: true })).toBeTruthy();
  bridge.refuse('PUT /v1/settings', 400, { code: 'invalid_field', detail: { field: 'allowedGroups', rule: 'unknown_group', names: ['suport'] } });
  await save();
  const field = screen.getByLabelText('Jira groups whose members may use sessions');
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(document.activeElement).toBe(field);
});
