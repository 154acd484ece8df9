import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { bridge } from '../test/bridge';
import { judgeRequest } from '../test/contract';
import { show } from '../test/render';
import { AutomationPage } from './automation';

const kPath = '/v1/automation/create-session';
const ready = async (inputs?: object, errors?: object, locale?: string) => {
  bridge.context.extension = { type: 'automation:actionProvider', ...(inputs ? { data: { inputs } } : {}), ...(errors ? { errors } : {}) };
  await show(<AutomationPage />, locale);
  await screen.findByRole('textbox', { name: locale ? 'Ticket' : 'Issue' });
};
const last = () => {
  const payload = bridge.submitted.at(-1);
  judgeRequest('POST', kPath, { payload });
  return payload;
};

test('a new action is about the issue that sets the rule off, and everything else is as the settings say', async () => {
  await ready();
  expect((screen.getByLabelText('Issue') as HTMLInputElement).value).toBe('{{issue.key}}');
  expect((screen.getByLabelText('Valid for') as HTMLSelectElement).value).toBe('');
  expect(bridge.submitted).toEqual([]);
  bridge.listeners.get('AUTOMATION_ACTION_SUBMIT')?.();
  expect(last()).toEqual({ issueKey: '{{issue.key}}' });
});

test('every change is given to the rule, as the API takes it', async () => {
  await ready();
  await userEvent.selectOptions(screen.getByLabelText('Valid for'), '1 hour');
  expect(last()).toEqual({ issueKey: '{{issue.key}}', validityMinutes: 60 });
  await userEvent.selectOptions(screen.getByLabelText('Invitation'), 'Comment that only the team sees');
  await userEvent.type(screen.getByLabelText('Description'), 'Help');
  expect(last()).toEqual({ issueKey: '{{issue.key}}', validityMinutes: 60, invitation: 'internal', description: 'Help' });
  await userEvent.selectOptions(screen.getByLabelText('Valid for'), 'As the settings say');
  await userEvent.clear(screen.getByLabelText('Description'));
  expect(last()).toEqual({ issueKey: '{{issue.key}}', invitation: 'internal' });
});

test('what the rule has is shown again, and nothing is lost on the way', async () => {
  await ready({ issueKey: 'HELP-1', customer: 'ada', description: 'x', validityMinutes: 1440, invitation: 'none' });
  expect((screen.getByLabelText('Issue') as HTMLInputElement).value).toBe('HELP-1');
  expect((screen.getByLabelText('Customer') as HTMLInputElement).value).toBe('ada');
  bridge.listeners.get('AUTOMATION_ACTION_SUBMIT')?.();
  expect(last()).toEqual({ issueKey: 'HELP-1', customer: 'ada', description: 'x', validityMinutes: 1440, invitation: 'none' });
});

test('what the rule could not be saved for is marked, until it is another', async () => {
  await ready({ issueKey: 'HELP-1', validityMinutes: 60 }, { invalidInputs: { issueKey: { message: 'issueKey is required' } } });
  const issue = screen.getByLabelText('Issue');
  expect(issue.getAttribute('aria-invalid')).toBe('true');
  await userEvent.type(issue, '2');
  await waitFor(() => expect(issue.getAttribute('aria-invalid')).toBeNull());
  await userEvent.clear(issue);
  expect(screen.getByText('Name the issue.')).toBeTruthy();
});

test('in French as well; and when it is gone it listens no longer', async () => {
  await ready(undefined, undefined, 'fr-FR');
  expect(screen.getByText(/La session est créée dans le compte TeamViewer/)).toBeTruthy();
  expect(bridge.listeners.size).toBe(1);
  cleanup();
  await waitFor(() => expect(bridge.listeners.size).toBe(0));
});
