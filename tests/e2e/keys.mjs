// A page without a mouse: where focus is, whether one can see it, and how Tab comes to something.
import assert from 'node:assert/strict';
import { until } from '../harness/wait.mjs';

/** The name of what has focus in the frame, and whether one can see that it has. `name` is empty where focus is lost. */
export const focus = (frame) => frame.evaluate(() => {
  const element = document.activeElement;
  if (!document.hasFocus() || element === document.body) return { name: '' };
  const label = element.labels?.[0]?.textContent;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const ring = (style, width) => style !== 'none' && parseFloat(width) > 0;
  const parent = getComputedStyle(element.parentElement);
  return {
    name: element.getAttribute('aria-label') ?? document.getElementById(element.getAttribute('aria-labelledby'))?.textContent ?? label ?? element.textContent,
    role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
    seen: ring(outlineStyle, outlineWidth) || boxShadow !== 'none' || ring(parent.outlineStyle, parent.outlineWidth) || parent.boxShadow !== 'none',
  };
});

const isCalled = (name, wanted) => (wanted instanceof RegExp ? wanted.test(name) : name === wanted);

/** Focus comes to `name` without a key: after something opened, closed or was done. */
export const focusIs = (frame, name) => until(`focus on ${name}`, async () => {
  const now = await focus(frame);
  if (!isCalled(now.name, name)) throw new Error(`it is on “${now.name}”`);
  return now;
});

/** Tab until `name` has focus. Every stop on the way is in sight. */
export async function tabTo(tab, frame, name, { key = 'Tab', most = 60 } = {}) {
  for (let presses = 0; presses < most; presses += 1) {
    const now = await focus(frame);
    if (now.name) assert.ok(now.seen, `focus can be seen on ${now.role} “${now.name}”`);
    if (isCalled(now.name, name)) return now;
    await tab.keyboard.press(key);
  }
  assert.fail(`${name} is not reached with ${key}`);
}

/** As tabTo, then the key that presses it. */
export async function press(tab, frame, name, { by = 'Enter', ...options } = {}) {
  await tabTo(tab, frame, name, options);
  await tab.keyboard.press(by);
}

/** Nothing was pressed, and what had focus is gone: it comes to the page, where Tab goes on from, and one can see it. */
export const focusIsKept = (frame) => until('focus is kept', async () => {
  const now = await focus(frame);
  return now.name !== '' && now.seen && now;
});
