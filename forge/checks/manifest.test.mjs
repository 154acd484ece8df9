import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
const pages = readdirSync(join(forge, '../web/pages'));
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

  // What we leave to it: should a newer one let such a thing pass, it needs a rule below.
  const refused = [
    ['a misspelled property', (copy) => { copy.modules['jira:personalSettingsPage'][0].resolverr = { endpoint: 'belay-ui' }; }, /resolverr|additional propert/i],
    ['a trigger to an endpoint that is not there', (copy) => { copy.modules.trigger[0].endpoint = 'gone'; }, /trigger references undefined endpoint/],
    ['a trigger to a function that is not there', (copy) => { copy.modules.trigger[0] = { ...copy.modules.trigger[0], endpoint: undefined, function: 'gone' }; }, /trigger references undefined function/],
    ['preUninstall to an endpoint that is not there', (copy) => { copy.modules.preUninstall[0].endpoint = 'gone'; }, /preUninstall references undefined endpoint/],
    ['preUninstall to a function that is not there', (copy) => { copy.modules.preUninstall[0] = { key: 'belay-on-uninstall', function: 'gone' }; }, /preUninstall references undefined function/],
    ['a page whose endpoint is not there', (copy) => { copy.modules['jira:globalPage'][0].resolver.endpoint = 'gone'; }, /jira:globalPage references undefined endpoint/],
    ['an endpoint whose remote is not there', (copy) => { copy.modules.endpoint[1].remote = 'gone'; }, /remote property 'gone' was not found/],
    ...Object.keys(manifest.modules).filter((name) => /^jira(ServiceManagement)?:/.test(name)).map((name) => [
      `${name} with a resource that is not there`, (copy) => { copy.modules[name][0].resource = 'gone'; }, new RegExp(`missing resource key 'gone' is being referenced by ${name}`),
    ]),
    ['a fetch from a remote that is not there', (copy) => { copy.permissions.external.fetch = { backend: [{ remote: 'gone' }] }; }, /external\.fetch\.backend/],
    ['a picture over plain http', (copy) => { copy.permissions.external.images.push({ address: 'http://pictures.example.com' }); }, /external\.images/],
  ];
  for (const [name, change, said] of refused) {
    test(`refuses ${name}`, async () => {
      const { success, errors } = await validate(stringify(broken(change)));
      assert.equal(success, false);
      assert.match(errors.map(({ message }) => message).join('\n'), said);
    });
  }
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
  ['a configurable remote is declared', rules.remotesAreDeclared, [], (copy) => { delete copy.permissions.external.configurable; }],
  ['a configurable remote is allowed', rules.remotesAreDeclared, [], (copy) => { copy.permissions.external.configurable.enabled = false; }],
  ['a remote with an address is declared', rules.remotesAreDeclared, [], (copy) => {
    copy.remotes.push({ key: 'statistics', baseUrl: 'https://statistics.example.com', operations: ['compute'] });
  }],
  ['nothing is fetched elsewhere', rules.egressIsThePinnedOne, [], (copy) => { copy.permissions.external.fetch = { client: [{ address: 'https://statistics.example.com' }] }; }],
  ['no script comes from elsewhere', rules.egressIsThePinnedOne, [], (copy) => { copy.permissions.external.scripts = [{ address: 'https://cdn.example.com' }]; }],
  ['no picture comes from elsewhere', rules.egressIsThePinnedOne, [], (copy) => copy.permissions.external.images.push({ address: 'https://pictures.example.com' })],
  ['the pictures of people are let in', rules.egressIsThePinnedOne, [], (copy) => copy.permissions.external.images.pop()],
  ['the scopes are the pinned ones', rules.scopesAreThePinnedOnes, [], (copy) => copy.permissions.scopes.push('manage:jira-configuration')],
  ['pages reach the server with both tokens', rules.pagesReachTheServerWithBothTokens, [], (copy) => {
    copy.modules.endpoint[0].auth.appUserToken.enabled = false;
  }],
  ['the global page reaches the server too', rules.pagesReachTheServerWithBothTokens, [], (copy) => { delete copy.modules['jira:globalPage'][0].resolver; }],
  ['the global page is there', rules.pagesReachTheServerWithBothTokens, [], (copy) => { delete copy.modules['jira:globalPage']; }],
  ['the page in the portal reaches the server too', rules.pagesReachTheServerWithBothTokens, [], (copy) => { delete copy.modules['jiraServiceManagement:portalRequestDetailPanel']; }],
  ['the page among the queues reaches the server too', rules.pagesReachTheServerWithBothTokens, [], (copy) => { delete copy.modules['jiraServiceManagement:queuePage'][0].resolver; }],
  ['customers reach their page in the portal', rules.portalIsForCustomers, [], (copy) => { delete copy.modules['jiraServiceManagement:portalRequestDetailPanel'][0].unlicensedAccess; }],
  ['nobody else without a licence does', rules.portalIsForCustomers, [], (copy) => copy.modules['jiraServiceManagement:portalRequestDetailPanel'][0].unlicensedAccess.push('unlicensed')],
  ['an agent’s page is for the licensed', rules.portalIsForCustomers, [], (copy) => { copy.modules['jira:issueContext'][0].unlicensedAccess = ['customer']; }],
  ['the page among the queues is for the licensed', rules.portalIsForCustomers, [], (copy) => { copy.modules['jiraServiceManagement:queuePage'][0].unlicensedAccess = ['customer']; }],
  ['the admin page stands in both places', rules.adminPageStandsInBothPlaces, [], (copy) => copy.modules['jira:adminPage'].pop()],
  ['the hourly call goes straight to an endpoint', rules.hourlyCallGoesStraightToAnEndpoint, [], (copy) => {
    copy.modules.scheduledTrigger[0] = { key: 'belay-hourly', function: 'tick', interval: 'hour' };
  }],
  ['installing is heard of', rules.lifecycleIsHeard, [], (copy) => copy.modules.trigger.shift()],
  ['upgrading is heard of', rules.lifecycleIsHeard, [], (copy) => copy.modules.trigger[0].events.pop()],
  ['uninstalling is heard of', rules.lifecycleIsHeard, [], (copy) => { delete copy.modules.preUninstall; }],
  ['uninstalling is heard of under a path', rules.lifecycleIsHeard, [], (copy) => { copy.modules.preUninstall[0].endpoint = 'belay-ui'; }],
  ['a resource is what the build makes', rules.resourcesAreTheBuiltPages, [pages], (copy) => { copy.resources[3].path = 'static/my-sessions'; }],
  ['a resource is shown', rules.resourcesAreTheBuiltPages, [pages], (copy) => { delete copy.modules['jira:globalPage']; }],
  ['a page that is built is a resource', rules.resourcesAreTheBuiltPages, [pages], (copy) => copy.resources.pop()],
  ['event paths are in the API', rules.eventPathsAreInTheApi, [openapi], (copy) => {
    copy.modules.endpoint[1].route.path = '/v1/forge/events/installed';
  }],
  ['an action is shown in automation', rules.actionsActForAPerson, [], (copy) => { delete copy.modules['automation:actionProvider']; }],
  ['automation shows actions that there are', rules.actionsActForAPerson, [], (copy) => copy.modules['automation:actionProvider'][0].actions.push('belay-close-session')],
  ['an action gets the token of whom the rule runs as', rules.actionsActForAPerson, [], (copy) => { copy.modules.action[0].endpoint = 'belay-hourly'; }],
  ['an action can be filled in', rules.actionsActForAPerson, [], (copy) => { delete copy.modules.action[0].config; }],
  ['an action sends what the API takes', rules.actionsAreInTheApi, [openapi], (copy) => { copy.modules.action[0].inputs.colour = { title: 'x', type: 'string', description: 'x', required: false }; }],
  ['an action can send all that the API takes', rules.actionsAreInTheApi, [openapi], (copy) => { delete copy.modules.action[0].inputs.validityMinutes; }],
  ['an action sends it in the type of the API', rules.actionsAreInTheApi, [openapi], (copy) => { copy.modules.action[0].inputs.validityMinutes.type = 'string'; }],
  ['an action requires what the API requires', rules.actionsAreInTheApi, [openapi], (copy) => { copy.modules.action[0].inputs.issueKey.required = false; }],
  ['an action gives what the API answers', rules.actionsAreInTheApi, [openapi], (copy) => { copy.modules.action[0].outputs.code = { type: 'string', description: 'x', nullable: false }; }],
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
