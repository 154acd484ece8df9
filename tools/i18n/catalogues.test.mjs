import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as rules from './catalogues.mjs';

const [en, fr] = rules.languages.map(rules.load);
const api = rules.loadApi();

describe('the catalogues', () => {
  test('have the same keys in every language', () => {
    assert.deepEqual([...rules.sameKeys(en, fr), ...rules.sameKeys(fr, en)], []);
    assert.notDeepEqual(rules.sameKeys({ ...en, 'one.more': 'x' }, fr), []);
  });

  test('have the same placeholders in every language', () => {
    assert.deepEqual(rules.samePlaceholders(en, fr), []);
    assert.notDeepEqual(rules.samePlaceholders(en, { ...fr, 'time.left': 'encore' }), []);
    assert.notDeepEqual(rules.samePlaceholders(en, { ...fr, 'customer_text.default': '{{session.code}}' }), []);
  });

  test('say something for every key', () => {
    assert.deepEqual([...rules.nothingEmpty(en), ...rules.nothingEmpty(fr)], []);
    assert.notDeepEqual(rules.nothingEmpty({ ...en, 'time.left': ' ' }), []);
  });

  test('have nothing that nobody says', () => {
    const sources = rules.loadSources();
    assert.deepEqual(rules.everyKeyIsUsed(en, sources), []);
    assert.notDeepEqual(rules.everyKeyIsUsed({ ...en, 'panel.whispered': 'x' }, sources), []);
  });

  for (const [language, catalogue] of [['en', en], ['fr', fr]]) {
    test(`have words for every error of the API, made of what the answer carries (${language})`, () => {
      assert.deepEqual(rules.errorsHaveWords(catalogue, api), []);
      assert.notDeepEqual(rules.errorsHaveWords({ ...catalogue, 'error.not_found': '{field}' }, api), []);
      const { 'error.not_found': gone, ...rest } = catalogue;
      assert.ok(gone);
      assert.notDeepEqual(rules.errorsHaveWords(rest, api), []);
    });

    test(`have words for every value that the pages show (${language})`, () => {
      assert.deepEqual(rules.enumerationsHaveWords(catalogue, api), []);
      const { 'state.open': gone, ...rest } = catalogue;
      assert.ok(gone);
      assert.notDeepEqual(rules.enumerationsHaveWords(rest, api), []);
    });

    test(`keep a calm tone (${language})`, () => {
      assert.deepEqual(rules.toneIsCalm(catalogue), []);
      assert.notDeepEqual(rules.toneIsCalm({ ...catalogue, 'time.left': 'Hurry!' }), []);
    });

    test(`ship a customer text with the four values of the reference (${language})`, () => {
      const used = rules.placeholders(catalogue['customer_text.default']);
      for (const value of ['{{session.link}}', '{{session.code}}', '{{session.validUntil}}', '{{agent.name}}']) {
        assert.ok(used.includes(value), `${value} is missing`);
      }
      assert.ok(catalogue['customer_text.default'].length <= 4000);
    });
  }
});
