import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import * as rules from './rules.mjs';

const forge = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path) => readFileSync(join(forge, path), 'utf8');
const manifest = parse(read('manifest.yml'));
const openapi = parse(read('../docs/openapi.yaml'));
const catalogues = Object.fromEntries(
  manifest.translations.resources.map(({ key, path }) => [key, JSON.parse(read(path))]),
);
const { ProcessorBuilder, ValidationTypes } = createRequire(import.meta.url)('@forge/manifest');

const temporary = [];
after(() => temporary.forEach((path) => rmSync(path, { recursive: true })));

/** Atlassian's own validator reads ./manifest.yml, so the text is laid out with empty pages in a folder of its own. */
async function validate(text) {
  const folder = mkdtempSync(join(tmpdir(), 'belay-manifest-'));
  temporary.push(folder);
  writeFileSync(join(folder, 'manifest.yml'), text);
  cpSync(join(forge, 'locales'), join(folder, 'locales'), { recursive: true });
  for (const { path } of manifest.resources) {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'index.html'), '<!doctype html>');
  }
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await ProcessorBuilder.instance().withValidation(ValidationTypes.FULL).build().process();
  } finally {
    process.chdir(before);
  }
}

const broken = (change) => {
  const copy = structuredClone(manifest);
  change(copy);
  return copy;
};

describe('@forge/manifest, full validation', () => {
  test('accepts the manifest without an error or a warning', async () => {
    const result = await validate(read('manifest.yml'));
    assert.deepEqual(result.errors ?? [], []);
    assert.equal(result.success, true);
  });

  test('refuses a misspelled property, so it does judge', async () => {
    const result = await validate(stringify(broken((copy) => {
      copy.modules['jira:personalSettingsPage'][0].resolverr = { endpoint: 'belay-ui' };
    })));
    assert.equal(result.success, false);
  });
});

// Each rule: the manifest passes, and a copy broken in the way the rule is for does not.
const cases = [
  ['every event exists', rules.eventNamesExist, [], (copy) => copy.modules.trigger[1].events.push('avi:jira:whispered:issue')],
  ['every remote is https', rules.remotesAreHttps, [], (copy) => { copy.remotes[0].baseUrl = 'http://support.example.com'; }],
  ['a system token has its scope', rules.tokenScopesArePresent, [], (copy) => {
    copy.permissions.scopes = copy.permissions.scopes.filter((scope) => scope !== 'read:app-system-token');
  }],
  ['a user token has its scope', rules.tokenScopesArePresent, [], (copy) => {
    copy.permissions.scopes = copy.permissions.scopes.filter((scope) => scope !== 'read:app-user-token');
  }],
  ['a configurable remote is not fetched by the browser', rules.configurableRemotesAreNotFetched, [], (copy) => {
    copy.permissions.external.fetch = { client: [{ remote: 'belay-server' }] };
  }],
  ['the scopes are the pinned ones', rules.scopesAreThePinnedOnes, [], (copy) => copy.permissions.scopes.push('manage:jira-configuration')],
  ['pages reach the server with both tokens', rules.pagesReachTheServerWithBothTokens, [], (copy) => {
    copy.modules.endpoint[0].auth.appUserToken.enabled = false;
  }],
  ['the admin page stands in both places', rules.adminPageStandsInBothPlaces, [], (copy) => copy.modules['jira:adminPage'].pop()],
  ['the hourly call goes straight to an endpoint', rules.hourlyCallGoesStraightToAnEndpoint, [], (copy) => {
    copy.modules.scheduledTrigger[0] = { key: 'belay-hourly', function: 'tick', interval: 'hour' };
  }],
  ['event paths are in the API', rules.eventPathsAreInTheApi, [openapi], (copy) => {
    copy.modules.endpoint[1].route.path = '/v1/forge/events/installed';
  }],
  ['titles are translated', rules.titlesAreTranslated, [catalogues], (copy) => {
    copy.modules['jira:issueContext'][0].title = { i18n: 'panel.caption' };
  }],
];

describe('what the validator misses', () => {
  for (const [name, rule, more, change] of cases) {
    test(name, () => {
      assert.deepEqual(rule(manifest, ...more), []);
      assert.notDeepEqual(rule(broken(change), ...more), [], 'the rule lets a broken manifest pass');
    });
  }
});
