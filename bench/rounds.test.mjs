// How many rounds of calls a panel waited for is told by time alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundsOf, roundsWaitedFor } from './crowd.mjs';

const call = (arrived, answered) => ({ arrived, answered });
const waited = (calls, took) => roundsWaitedFor(roundsOf(calls), took).length;

test('calls that came one after another’s answer are rounds; those beside one another are one', () => {
  assert.equal(waited([call(0, 50), call(1, 51), call(52, 102), call(53, 103)], 105), 2);
  assert.equal(waited([call(0, 50), call(52, 102), call(104, 154), call(156, 206)], 210), 4);
});

test('what the panel cannot have waited for besides is none', () => {
  // Asked beside the second round after a quick refusal, and answered just before the panel, which had its third.
  assert.equal(waited([call(0, 50), call(52, 60), call(52, 102), call(62, 112), call(104, 154)], 158), 3);
});
