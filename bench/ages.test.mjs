// Whether ages are judged by what TeamViewer told, and not by what is said of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, shownBy } from './ages.mjs';

const list = (seconds, ...numbers) => ({ party: 'teamviewer', method: 'GET', path: '/api/v1/contacts', status: 200, end: seconds * 1000, query: numbers.length ? [['email', numbers.map((n) => `person.${n}@crowd.example`).join()]] : [] });
const line = (seconds, ...shown) => ({ asked: seconds * 1000, answered: seconds * 1000 + 1500, shown });

test('the age is that of the last answer about this person before the panel was asked, whoever else was told of', () => {
  const calls = [list(0, 1, 2), list(20, 1), list(90, 2)];
  assert.deepEqual(judge([line(30, [1, 10], [2, 30])], calls), { age: 30, who: 'person.2@crowd.example', people: 2, tooOld: 0, lie: { age: 10, told: 10, isOne: false } });
  assert.equal(judge([line(30, [1, 10], [2, 30])], calls, { most: 29 }).tooOld, 1);
});

test('a line may tell an age that is less than a step too young, and no more', () => {
  for (const [age, told, isOne] of [[9, 0, false], [12, 0, true], [19, 10, false], [31, 10, true], [5, 0, false]]) {
    assert.deepEqual(judge([line(age, [1, told])], [list(0, 1)]).lie, { age, told, isOne }, `${age} told as ${told}`);
  }
});

test('what TeamViewer tells while the panel waits is not old', () => {
  assert.equal(judge([line(30, [1, 0])], [list(0, 1), list(31, 1)]).age, 0);
});

test('a list of all contacts tells of everybody; an answer that is none, of nobody', () => {
  assert.equal(judge([line(30, [1, 0])], [list(0, 1), list(25)]).age, 5);
  assert.equal(judge([line(30, [1, 0])], [list(0, 1), { ...list(25, 1), status: 429 }, { ...list(26, 1), party: 'jira' }]).age, 30);
});

test('of a panel those count of whom a presence is shown', () => {
  const people = [{ id: 'crowd-00012', presence: 'online', presenceAge: 20 }, { id: 'crowd-00013', presence: 'away' }, { id: 'crowd-00014', standing: 'not_contact' }];
  assert.deepEqual(shownBy(JSON.stringify({ people })), [[12, 20], [13, 0]]);
});
