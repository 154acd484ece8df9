// The jar as it is built: what its descriptor says, what is in it, that it is the same each time, and for whom it is not built.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filesOf, version } from '../build.mjs';
import { crc32 } from '../jar.mjs';
import { problemsOf } from './template.mjs';

const { JSDOM } = createRequire(new URL('../../web/package.json', import.meta.url))('jsdom');
const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = join(root, 'tools/datacenter_plugin');
const server = 'https://support.example.com';
const site = 'acme';

let folder;
let names;
let files;
let descriptor;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'belay-plugin-'));
  const jar = join(folder, 'belay.jar');
  build(jar);
  ({ names, files } = unpacked(jar, join(folder, 'unpacked')));
  // As XML, which has to be well-formed; the parser is the browser's own kind.
  descriptor = new JSDOM(files['atlassian-plugin.xml'], { contentType: 'application/xml' }).window.document;
});
after(() => rmSync(folder, { recursive: true, force: true }));

function build(jar, options = {}) {
  execFileSync(tool, ['--server', server, '--site', site, '--out', jar], options);
  return readFileSync(jar);
}

/** By CMake, which knows the format without us: {names, files: {name: text}}. */
function unpacked(jar, into) {
  mkdirSync(into);
  execFileSync('cmake', ['-E', 'tar', 'xf', jar], { cwd: into });
  const listed = execFileSync('cmake', ['-E', 'tar', 'tf', jar], { encoding: 'utf8' }).trim().split('\n');
  return { names: listed, files: Object.fromEntries(listed.map((name) => [name, readFileSync(join(into, name), 'utf8')])) };
}

const all = (selector) => [...descriptor.querySelectorAll(selector)];
const texts = (selector) => all(selector).map((element) => element.textContent.trim());
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

describe('the descriptor', () => {
  test('is of version 2, and says who made it and that Data Center may load it', () => {
    const plugin = descriptor.documentElement;
    assert.equal(plugin.tagName, 'atlassian-plugin');
    assert.deepEqual(['key', 'plugins-version'].map((name) => plugin.getAttribute(name)), ['com.belay.datacenter', '2']);
    assert.deepEqual(texts('plugin-info > version'), [version]);
    assert.equal(all('plugin-info > vendor[name]').length, 1);
    assert.deepEqual(all('plugin-info > param').map((param) => [param.getAttribute('name'), param.textContent]), [['atlassian-data-center-status', 'compatible'], ['atlassian-data-center-compatible', 'true']]);
  });

  test('gives every module a key, and none twice', () => {
    const modules = [...descriptor.documentElement.children].filter(({ tagName }) => tagName !== 'plugin-info' && tagName !== 'resource');
    const keys = modules.map((module) => module.getAttribute('key'));
    assert.ok(keys.length >= 6 && keys.every((key) => /^[a-z-]+$/.test(key)), keys.join());
    assert.deepEqual([...new Set(keys)], keys);
    assert.deepEqual([...new Set(modules.map(({ tagName }) => tagName))].sort(), ['web-item', 'web-panel', 'web-resource', 'web-section']);
  });

  test('names no class, neither of ours nor of Jira’s', () => {
    assert.deepEqual(all('[class], condition, context-provider, component, component-import, servlet, rest').map(({ tagName }) => tagName), []);
  });

  test('names no file that is not in the jar, and the jar has none that is not named', () => {
    const named = all('resource').map((resource) => (resource.getAttribute('type') === 'i18n' ? `${resource.getAttribute('location')}.properties` : resource.getAttribute('location')));
    assert.deepEqual(named.filter((name) => !(name in files)), []);
    const besides = ['META-INF/MANIFEST.MF', 'atlassian-plugin.xml', 'belay_fr.properties'];
    assert.deepEqual(Object.keys(files).sort(), [...named, ...besides].sort());
    assert.equal(all('web-panel > resource[name=view][type=velocity]').length, 1);
  });

  test('puts the panel beside the issue, its script and style into the issue view', () => {
    assert.equal(descriptor.querySelector('web-panel').getAttribute('location'), 'atl.jira.view.issue.right.context');
    assert.deepEqual(texts('web-resource > context'), ['jira.view.issue']);
    assert.deepEqual(all('web-resource > resource').map((resource) => resource.getAttribute('name')).sort(), ['panel.css', 'panel.js']);
  });

  test('leads to the pages of that one server, from where people look for them', () => {
    const links = all('web-item').map((item) => [item.getAttribute('section'), item.querySelector('link').textContent, item.querySelector('link').getAttribute('absolute')]);
    assert.deepEqual(links, [
      ['admin_plugins_menu/belay-admin', `${server}/datacenter/${site}/pages/admin/`, 'true'],
      ['system.user.options/personal', `${server}/datacenter/${site}/pages/account/`, 'true'],
      ['atl.jira.proj.config/projectgroup4', `${server}/datacenter/${site}/pages/project/?project=$projectKeyEncoded`, 'true'],
      ['system.top.navigation.bar', `${server}/datacenter/${site}/pages/sessions/`, 'true'],
    ]);
    assert.deepEqual(all('web-section').map((section) => `${section.getAttribute('location')}/${section.getAttribute('key')}`), ['admin_plugins_menu/belay-admin']);
  });

  test('has words for every label, in English and French', () => {
    const keys = all('label[key]').map((label) => label.getAttribute('key'));
    assert.equal(keys.length, 5);
    for (const name of ['belay.properties', 'belay_fr.properties']) {
      assert.match(files[name], /^[\x20-\x7e\n]+$/, 'properties are Latin-1');
      const given = files[name].trim().split('\n').map((line) => line.split('='));
      assert.deepEqual(given.map(([key]) => key).sort(), [...keys].sort(), name);
      assert.ok(given.every(([, words]) => words.length > 3), name);
    }
    assert.match(files['belay_fr.properties'], /^belay\.panel=Assistance \\u00e0 distance$/m);
  });
});

describe('the files', () => {
  test('the manifest says what makes it an app that Jira takes as it is', () => {
    const lines = files['META-INF/MANIFEST.MF'].split('\n');
    assert.equal(lines[0], 'Manifest-Version: 1.0');
    assert.equal(lines.at(-1), '', 'the last line has an end');
    for (const line of ['Bundle-ManifestVersion: 2', 'Bundle-SymbolicName: com.belay.datacenter', `Bundle-Version: ${version}`, 'Atlassian-Plugin-Key: com.belay.datacenter']) assert.ok(lines.includes(line), line);
  });

  test('the manifest comes first, the others by their names, and each has its sum', () => {
    const [first, ...others] = names;
    assert.equal(first, 'META-INF/MANIFEST.MF');
    assert.deepEqual(others, [...others].sort());
    assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926, 'the check value of CRC-32 in its catalogues');
  });

  test('there is nothing of Java among them, and nothing that waits to be filled in', () => {
    assert.deepEqual(Object.keys(files).filter((name) => /\.(class|jar|java)$/.test(name)), []);
    assert.deepEqual(Object.entries(files).filter(([, text]) => /@[A-Z]+@/.test(text)).map(([name]) => name), []);
  });

  test('the template asks for the issue’s id and key and nothing else, without a script', () => {
    const template = files['templates/panel.vm'];
    assert.deepEqual(problemsOf(template), []);
    const { document } = new JSDOM(template).window;
    assert.deepEqual([...document.body.children].map(({ tagName }) => tagName), ['DIV']);
    const [panel] = document.body.children;
    assert.deepEqual([...panel.attributes].map(({ name, value }) => `${name}=${value}`), ['class=belay-panel', 'data-issue=$issue.id', 'data-key=$issue.key']);
    assert.equal(panel.childNodes.length, 0);
    assert.equal(template.match(/="\$issue\.(id|key)"/g).length, 2, 'within double quotes, which Jira escapes');
  });

  test('--folder writes the very files of the jar', () => {
    execFileSync(tool, ['--server', server, '--site', site, '--folder', join(folder, 'laid-out')]);
    for (const [name, text] of Object.entries(files)) assert.equal(readFileSync(join(folder, 'laid-out', name), 'utf8'), text, name);
  });
});

describe('a template that asks for more is found', () => {
  const bad = {
    'another getter': '$issue.summary', 'a getter of a getter': '$issue.key.class', 'a method': '$issue.getKey()', 'a method in braces': '${issue.getKey()}', 'something else': '$user.name', 'a quiet reference': '$!issue.key',
    'braces': '${issue.key}', 'another of a similar name': '$issue.keys', '#set': '#set($x = 1)', '#parse': '#parse("other.vm")', '#evaluate': '#evaluate("x")', '#include': '#include("x")', 'a macro': '#foo()', 'a macro with a body': '#@foo()x#end',
    'an index': '$issue["key"]', 'a comment': '## x', 'a comment of more lines': '#* x *#', 'what is not parsed': '#[[ x ]]#', 'an escape': '\\$issue.id', 'a lonely dollar': '$ 5',
  };
  for (const [name, text] of Object.entries(bad)) test(name, () => assert.notDeepEqual(problemsOf(`<div data-issue="$issue.id" title="${text}"></div>`), [], text));
});

describe('the same bytes', () => {
  test('from two folders, with another umask, time zone and language', () => {
    const jars = ['one', 'two/deeper'].map((name) => join(folder, name, 'belay.jar'));
    mkdirSync(join(folder, 'elsewhere'));
    const first = build(jars[0]);
    execFileSync('bash', ['-c', `umask 077; exec "$0" --site ${site} --server ${server} --out "$1"`, tool, jars[1]], { cwd: join(folder, 'elsewhere'), env: { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'C' } });
    assert.equal(sha256(readFileSync(jars[1])), sha256(first));
  });

  test('as the browser writes an address: small letters, no usual port', () => {
    const one = filesOf({ server: 'https://SUPPORT.example.com:443', site });
    const other = filesOf({ server, site });
    assert.deepEqual(one, other);
  });

  test('others for another server', () => {
    const changed = (other) => Object.keys(files).filter((name) => !filesOf({ server, site })[name].equals(filesOf({ server, site, ...other })[name]));
    assert.deepEqual(changed({ server: 'https://other.example.com' }), ['atlassian-plugin.xml', 'js/panel.js']);
    assert.deepEqual(changed({ site: 'other' }), ['atlassian-plugin.xml', 'js/panel.js']);
  });
});

describe('refused in words', () => {
  const refused = [
    ['an address with a path', { server: 'https://support.example.com/belay' }, /without a path/],
    ['a slash at its end', { server: 'https://support.example.com/' }, /not even a slash/],
    ['a query', { server: 'https://support.example.com?x=1' }, /without a path/],
    ['a fragment', { server: 'https://support.example.com#x' }, /without a path/],
    ['http to another machine', { server: 'http://support.example.com' }, /https, since it is not on this machine/],
    ['http to a name that only looks like this machine', { server: 'http://localhost.example.com' }, /https, since/],
    ['another scheme', { server: 'javascript://support.example.com' }, /https:\/\//],
    ['no scheme', { server: 'support.example.com' }, /https:\/\//],
    ['a user', { server: 'https://user@support.example.com' }, /https:\/\//],
    ['a quote', { server: 'https://support.example.com"' }, /https:\/\//],
    ['an apostrophe', { server: "https://support.example.com'" }, /https:\/\//],
    ['angle brackets', { server: 'https://<support>.example.com' }, /https:\/\//],
    ['an ampersand', { server: 'https://support&.example.com' }, /https:\/\//],
    ['what a template reads', { server: 'https://$issue.example.com' }, /https:\/\//],
    ['a line break', { server: 'https://support.example.com\nx' }, /https:\/\//],
    ['a space', { server: 'https://support.example.com ' }, /https:\/\//],
    ['letters beyond ASCII', { server: 'https://süpport.example.com' }, /https:\/\//],
    ['a slip of the pen that is an address', { server: 'https://10.1.2' }, /'10\.1\.2' is not the name of a host/],
    ['a port that is none', { server: 'https://support.example.com:65536' }, /https:\/\//],
    ['port 0', { server: 'https://support.example.com:0' }, /1 to 65535/],
    ['a site with a capital letter', { site: 'Acme' }, /--site: a name of small letters and digits/],
    ['a site with a slash', { site: 'acme/../x' }, /--site/],
    ['a site with a quote', { site: 'acme"' }, /--site/],
    ['a site with a dollar', { site: '$acme' }, /--site/],
    ['a site with a line break', { site: 'acme\n' }, /--site/],
    ['a site of 33 letters', { site: 'a'.repeat(33) }, /--site/],
  ];
  for (const [name, changed, words] of refused) {
    test(name, () => {
      const given = { server, site, ...changed };
      assert.throws(() => filesOf(given), (error) => words.test(error.message));
    });
  }

  test('by the command: status 2, one line, and nothing is written', () => {
    const out = join(folder, 'refused.jar');
    const cases = [
      [['--server', 'http://support.example.com', '--site', site, '--out', out], /^datacenter_plugin: --server: https, since it is not on this machine\n$/],
      [['--site', site, '--out', out], /^datacenter_plugin: --server is missing/],
      [['--server', server, '--out', out], /^datacenter_plugin: --site is missing/],
      [['--server', server, '--site', site], /^datacenter_plugin: --out/],
      [['--server', server, '--site', site, '--out', out, '--sever', 'x'], /^datacenter_plugin: Unknown option/],
    ];
    for (const [options, words] of cases) {
      const { status, stdout, stderr } = spawnSync(tool, options, { encoding: 'utf8' });
      assert.deepEqual([status, stdout], [2, ''], stderr);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split('\n').length, 1);
    }
    assert.ok(!existsSync(out));
  });

  test('not refused: this machine without TLS, a port, an address in numbers, an underscore', () => {
    for (const fine of ['http://localhost:8080', 'http://belay.localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080', 'https://10.1.2.3', 'https://support.example.com:8443', 'https://jira_help.example.com']) {
      assert.match(filesOf({ server: fine, site })['js/panel.js'].toString(), new RegExp(`const server = '${fine.replace(/[[\].]/g, '\\$&')}';`));
    }
  });
});
