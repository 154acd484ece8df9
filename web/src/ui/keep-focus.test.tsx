import { render, screen } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, test } from 'vitest';
import { useKeepFocus } from './keep-focus';
import { focusNow } from './open-elsewhere';

function Page() {
  const home = useKeepFocus<HTMLDivElement>();
  const [state, setState] = useState<'on' | 'off' | 'gone'>('on');
  change = setState;
  return (
    <div ref={home} tabIndex={-1} data-testid="home">
      {state !== 'gone' && <button disabled={state === 'off'}>Do it</button>}
      <button>Another</button>
    </div>
  );
}
let change: (state: 'on' | 'off' | 'gone') => void;

const open = () => {
  render(<Page />);
  screen.getByText('Do it').focus();
};
const home = () => screen.getByTestId('home');

describe('what has focus', () => {
  test.each(['gone', 'off'] as const)('is %s: its home takes focus', async (state) => {
    open();
    change(state);
    await expect.poll(() => document.activeElement).toBe(home());
  });

  test('went while another window had focus: its home takes it all the same', async () => {
    open();
    // The window leaves, and what had focus in it is told; it is still what has focus in the page.
    screen.getByText('Do it').dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    await Promise.resolve();
    change('gone');
    await expect.poll(() => document.activeElement).toBe(home());
  });

  test('is left for something else, and goes afterwards: focus stays where it is', async () => {
    open();
    screen.getByText('Another').focus();
    change('gone');
    await expect.poll(() => screen.queryByText('Do it')).toBeNull();
    expect(document.activeElement).toBe(screen.getByText('Another'));
  });

  test('is given back after a dialog of Jira, or to its home where it has gone meanwhile', async () => {
    open();
    const giveBack = focusNow();
    screen.getByText('Do it').blur();
    giveBack();
    window.dispatchEvent(new FocusEvent('focus'));
    expect(document.activeElement).toBe(screen.getByText('Do it'));

    const later = focusNow();
    screen.getByText('Do it').blur();
    change('gone');
    await expect.poll(() => screen.queryByText('Do it')).toBeNull();
    later();
    window.dispatchEvent(new FocusEvent('focus'));
    expect(document.activeElement).toBe(home());
  });
});
