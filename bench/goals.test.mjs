// When a goal counts as missed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measured, missedOf } from './goals.mjs';

/** Measurements in turn, and how many were made. */
function bench(...runs) {
  const made = { count: 0 };
  return [made, async () => runs[made.count++] ?? runs.at(-1)];
}
const reached = { figure: 'rounds', reached: true };
const slow = { figure: 'overhead', reached: false, timed: true };
const fast = { figure: 'overhead', reached: true, timed: true };
const tooMany = { figure: 'rounds', reached: false };

test('goals that are reached are measured once', async () => {
  const [made, measure] = bench([reached, fast]);
  assert.deepEqual(missedOf(await measured(measure)), []);
  assert.equal(made.count, 1);
});

test('a bench of one figure is one of a list', async () => {
  const [, measure] = bench(tooMany);
  assert.deepEqual(missedOf(await measured(measure)), [tooMany]);
});

test('a time that was missed is measured again, and counts where a later measurement reached it', async () => {
  const [made, measure] = bench([reached, slow], [reached, fast]);
  const said = [];
  assert.deepEqual(missedOf(await measured(measure, (missed) => said.push(missed))), []);
  assert.deepEqual(said, [[slow]]);
  assert.equal(made.count, 2);
});

test('a time that is missed three times is missed, and the best measurement is told', async () => {
  const [made, measure] = bench([slow, slow], [slow, fast], [slow, slow]);
  assert.deepEqual(await measured(measure), [slow, fast]);
  assert.equal(made.count, 3);
});

test('a count that is missed is not measured away, at first or later', async () => {
  for (const runs of [[[tooMany, slow]], [[reached, slow], [tooMany, fast]]]) {
    const [made, measure] = bench(...runs);
    assert.deepEqual(missedOf(await measured(measure))[0], tooMany);
    assert.equal(made.count, runs.length);
  }
});
