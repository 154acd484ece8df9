// Whether the figure means what the table says: megabytes, as panel_bundle's kilobytes, and not the larger ones of 1024 times 1024 bytes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { megabytes } from './process_figures.mjs';
import { isReached } from './resident.mjs';

test('25 MB are 25 million bytes, and what is more is too much', () => {
  for (const [bytes, reached] of [[25_000_000, true], [25_000_001, false], [25 * 1024 * 1024, false], [24_900_000, true]]) {
    assert.equal(isReached(megabytes(bytes)), reached, `${bytes} bytes`);
  }
});
