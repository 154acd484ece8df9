// What Velocity makes of the plugin, and Java of the jar: Debian's velocity stands for Jira's, as strict as Jira is with what a template may call.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filesOf, version } from '../build.mjs';

const { JSDOM } = createRequire(new URL('../../web/package.json', import.meta.url))('jsdom');
const here = dirname(fileURLToPath(import.meta.url));
const given = { server: 'https://support.example.com', site: 'acme' };
const files = filesOf(given);
const template = files['templates/panel.vm'].toString();

const libraries = ['velocity', 'commons-lang', 'commons-collections3'].map((name) => `/usr/share/java/${name}.jar`);
const compiler = '/usr/share/java/ecj.jar';   // Debian's libecj-java: a compiler that needs no JDK
const absent = [...libraries, compiler].filter((path) => !existsSync(path));
const noJava = spawnSync('java', ['-version']).status !== 0;
const skip = (noJava || absent.length > 0) && `Java and Debian's velocity and libecj-java are needed (tools/setup test); missing: ${[...(noJava ? ['java'] : []), ...absent].join(', ')}`;

describe('rendered by Velocity', () => {
  let folder;
  before(() => {
    if (skip) return;
    folder = mkdtempSync(join(tmpdir(), 'belay-velocity-'));
    execFileSync('java', ['-cp', compiler, 'org.eclipse.jdt.internal.compiler.batch.Main', '-9', '-nowarn', '-encoding', 'UTF-8', '-cp', libraries.join(':'), '-d', folder, join(here, 'Render.java')]);
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  const java = (args, input = '') => {
    const { status, stdout, stderr } = spawnSync('java', ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', [folder, ...libraries].join(':'), 'Render', ...args], { input, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return { text: stdout, asked: stderr.split('\n').filter((line) => /^\w+\.\w+( refused)?$/.test(line)) };
  };
  const renderAll = (text, issues) => {
    const { text: all, asked } = java(issues.flat(), text);
    return { texts: all.split('\0').slice(0, -1), asked };
  };
  const render = (text) => {
    const { texts: [only], asked } = renderAll(text, [['10000', 'ACME-1']]);
    return { text: only, asked };
  };

  test('the panel is one element with the issue’s id and key, and nothing but these two was called', { skip }, () => {
    const { text, asked } = render(template);
    assert.equal(text, '<div class="belay-panel" data-issue="10000" data-key="ACME-1"></div>\n');
    assert.deepEqual(asked, ['Issue.getId', 'Issue.getKey']);
  });

  const hostile = ['"><script>alert(1)</script>', '" onmouseover="alert(1)', "' onmouseover='alert(1)", '&quot; x=&#34;1', '<!--', '</div><iframe src=//elsewhere.example>', '$issue.summary', '#set($x = 1)$x', '#parse("other.vm")', '\\', 'Ünïcode ☃'];
  test('an issue of any name stays within its attribute', { skip }, () => {
    const { texts, asked } = renderAll(template, hostile.map((value) => [value, value]));
    assert.equal(texts.length, hostile.length);
    assert.deepEqual(asked, ['Issue.getId', 'Issue.getKey']);
    hostile.forEach((value, n) => {
      const { document } = new JSDOM(texts[n]).window;
      assert.deepEqual([...document.body.querySelectorAll('*')].map(({ tagName }) => tagName), ['DIV'], texts[n]);
      assert.deepEqual([...document.body.firstElementChild.attributes].map(({ name, value: held }) => [name, held]), [['class', 'belay-panel'], ['data-issue', value], ['data-key', value]]);
    });
  });

  test('what is not on the list is refused and leaves the words of the template, as in Jira', { skip }, () => {
    assert.deepEqual(render('$issue.summary'), { text: '$issue.summary', asked: ['Issue.getSummary refused'] });
    assert.match(render('$issue.getClass()').asked.join(), /getClass refused/);
  });

  test('the links, which Jira renders too, are left as they are but for the project’s key', { skip }, () => {
    const links = [...files['atlassian-plugin.xml'].toString().matchAll(/<link [^>]*>([^<]*)<\/link>/g)].map(([, link]) => link);
    assert.equal(links.length, 4);
    assert.deepEqual(links.join().match(/\$\w+/g), ['$projectKeyEncoded'], 'a value of the context, and no getter');
    assert.deepEqual(render(links.join('\n')), { text: links.join('\n'), asked: [] });
  });

  test('Java reads the jar: the manifest, and every file', { skip }, () => {
    const jar = join(folder, 'belay.jar');
    execFileSync(process.execPath, [join(here, '../build.mjs'), '--server', given.server, '--site', given.site, '--out', jar]);
    const lines = java(['--jar', jar]).text.trim().split('\n');
    const manifest = lines.filter((line) => line.includes(': '));
    assert.deepEqual(manifest.sort(), ['Atlassian-Plugin-Key: com.belay.datacenter', 'Bundle-ManifestVersion: 2', 'Bundle-Name: Belay', 'Bundle-SymbolicName: com.belay.datacenter', `Bundle-Version: ${version}`, 'Manifest-Version: 1.0']);
    assert.deepEqual(lines.filter((line) => !line.includes(': ')).sort(), Object.entries(files).map(([name, bytes]) => `${name} ${bytes.length}`).sort());
  });
});
