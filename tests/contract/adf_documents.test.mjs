// Atlassian's schema judges every document that the running server writes on an issue or shows as preview: invitations and their last
// edits, with everything in names, summaries and texts that should stay text.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import { linksOf, mentionsOf, problemsOf, skip, textOf } from './adf_judge.mjs';
import { close, create, opened, saveSettings } from './steps.mjs';

const everything = [
  'Hello {{customer.name}}, about {{issue.key}}: {{issue.summary}}', 'Open {{session.link}} and give the code {{session.code}}, until {{session.validUntil}}.',
  '{{agent.name}}\n{{site.name}}',
].join('\n\n');
const rightToLeft = 'ياسمين הדר \u202eabc\u202c \u2067x\u2069';
const emoji = '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 e\u0301 \u200d ﷽';
const markup = '<img src=x onerror=alert(1)> [~accountid:5f8a] {panel} **b** [x|https://evil.example/] [x](https://evil.example/) @all #HELP-1 :smile:';
const braces = '{{session.code}} {{session.link}} {{{{agent.name}}}} }}{{';
const script = 'javascript:alert(1) JAVASCRIPT:alert(1) data:text/html,x vbscript:x https://evil.example/ http://[::1]/';
const controls = 'a\u2028b\u200bc\ufeffd\u2029e\u00adf';
const filled = (text, length) => text + 'x'.repeat(length - [...text].length);

/** Names and summaries are Jira's; `customer` undefined is the reporter, who is then mentioned. */
const cases = [
  ['the default text'],
  ['the default text in French', { locale: 'fr-FR' }],
  ['every variable', { text: everything }],
  ['a name with markup', { text: everything, name: markup, summary: markup }],
  ['a name from right to left', { text: everything, name: rightToLeft, summary: rightToLeft }],
  ['a name of emoji', { text: everything, name: emoji, summary: emoji }],
  ['variables in the summary and the name', { text: everything, name: braces, summary: braces }],
  ['script addresses everywhere', { text: `${script}\n${everything}`, name: script, summary: script }],
  ['control characters', { text: everything, name: controls, summary: controls }],
  ['a name of 250 characters', { text: everything, name: filled('Long ', 250), summary: filled('Long ', 250) }],
  ['nobody in particular', { text: everything, customer: null }],
  ['somebody typed in, with markup', { text: everything, customer: { name: markup.slice(0, 100), email: 'ada@example.com' } }],
  ['somebody typed in, from right to left', { text: everything, customer: { name: rightToLeft.replace(/[\u202a-\u202e\u2066-\u2069]/g, '') } }],
  ['a description of 4,000 characters', { text: everything, customer: { name: 'Ada Example' }, description: filled(`${markup} ${emoji} `, 4000) }],
  ['no description', { text: everything, customer: { name: 'Grace Example' }, description: '' }],
  ['the link alone', { text: '{{session.link}}' }],
  ['the link amid a word', { text: 'a{{session.link}}b' }],
  ['the link between blank lines', { text: '\n\n \n\n{{session.link}}\n\n\n\n\n' }],
  ['a text of 4,000 characters', { text: filled(`{{session.link}} ${emoji} `, 4000) }],
  ['a text of 1,900 lines', { text: `{{session.link}}${'\nx'.repeat(1900)}` }],
  ['to the team', { text: everything, invitation: 'internal' }],
];

// A suite that is skipped is not counted, a test is.
(skip ? test : describe)('documents', { skip }, () => {
  let world;
  let agent;
  let issue;
  before(async () => {
    world = await World.open();
    ({ issue } = world.seed);
    const [{ accountId }] = world.seed.agents;
    await world.sandbox.change({ jira: { people: { [accountId]: { name: `Tomás <b> ${braces}` } } } });
    agent = await world.linkedAgent(0);
  });
  after(() => world?.close());

  const commentsSince = async (seq) => (await world.sandbox.requests())
    .filter((line) => line.seq > seq && line.party === 'jira' && ['POST', 'PUT'].includes(line.method) && /\/comment(\/\d+)?$/.test(line.path));
  const documentIn = ({ body }) => JSON.parse(body).body;

  for (const [what, { text, name, summary, locale = 'en-GB', customer, description, invitation = 'public' } = {}] of cases) {
    test(`an invitation: ${what}`, async () => {
      const defaults = (await world.admin.expect(200, 'GET', '/v1/settings')).defaults.customerText;
      await saveSettings(world.admin, () => ({ customerText: text ? { en: text, fr: text } : defaults }));
      await world.sandbox.change({ jira: { people: { [issue.reporter]: { name: name ?? 'Priya Raman', locale } }, issues: { [issue.key]: { summary: summary ?? 'Too dark' } } } });
      world.clock.advance({ minutes: 6 });   // what was read of the issue is over
      const seq = (await world.sandbox.requests()).at(-1).seq;

      const wish = { ...(customer === null ? {} : { customer: customer ?? { id: issue.reporter } }), ...(description === undefined ? {} : { description }), invitation };
      const session = await opened(agent, (await create(agent, wish)).id);
      await close(agent, session.id);
      const [written, edited] = await until('the comment is written and edited', async () => {
        const comments = await commentsSince(seq);
        return comments.length === 2 ? comments : undefined;
      });
      assert.deepEqual([written.method, edited.method, written.status, edited.status], ['POST', 'PUT', 201, 200]);

      const document = documentIn(written);
      assert.deepEqual(problemsOf(document), [], written.body);
      assert.deepEqual(linksOf(document), [session.customerLink], written.body);
      assert.deepEqual(mentionsOf(document), invitation === 'public' && customer === undefined ? [issue.reporter] : []);
      const shown = textOf(document);
      if (text === everything) {
        assert.ok(shown.includes(session.code) && shown.includes(issue.key), shown);
        if (summary && ![controls, rightToLeft].includes(summary)) assert.ok(shown.includes(summary), `${shown}\nlacks\n${summary}`);
      }

      const end = documentIn(edited);
      assert.deepEqual(problemsOf(end), [], edited.body);
      assert.deepEqual([linksOf(end), mentionsOf(end)], [[], []]);
      assert.match(textOf(end), /ended|terminée|fin/i);
    });
  }

  describe('of the preview', () => {
    const preview = (text, language = 'en') => world.admin.expect(200, 'POST', '/v1/settings/preview', { text, language });
    const example = 'https://get.teamviewer.com/v15/s123456789';

    const judged = async (text, language) => {
      const { document, problems } = await preview(text, language);
      assert.deepEqual(problemsOf(document), [], JSON.stringify({ text, document }));
      assert.deepEqual(mentionsOf(document), ['example']);   // as the comment mentions the customer, and nobody else
      assert.ok(linksOf(document).every((link) => link === example), JSON.stringify(linksOf(document)));
      return { document, problems };
    };

    test('the defaults and every text above, in each language', async () => {
      const { customerText } = (await world.admin.expect(200, 'GET', '/v1/settings')).defaults;
      for (const text of [...Object.values(customerText), ...cases.map(([, { text } = {}]) => text).filter(Boolean)]) {
        for (const language of ['en', 'fr']) {
          const { document, problems } = await judged(text, language);
          assert.deepEqual([problems, linksOf(document)], [[], [example]], text);
        }
      }
    });

    test('texts that are refused when saving', async () => {
      for (const text of ['', ' ', '\n\n', 'No link', '{{unknown}}', '{{session.link', '{{', '}}', '{{ }}', '{{session.link}}{{session.link}}', `${'x'.repeat(19_984)}{{session.link}}`, `${controls} {{session.link}}`]) {
        const { problems } = await judged(text);
        assert.equal(problems.length === 0, /^(\{\{session\.link\}\}){2}$/.test(text), text.slice(0, 40));
      }
    });

    test('two hundred texts made of bits', async () => {
      const bits = ['{{session.link}}', '{{session.code}}', '{{session.validUntil}}', '{{agent.name}}', '{{customer.name}}', '{{issue.summary}}', '{{', '}}', '\n', '\n\n', ' ', '\u00a0',
        rightToLeft, emoji, markup, script, 'a', '\\', '"', '\u200b', '\ud7ff', '\ue000', '𝒳'];
      let state = 20_261_122;   // a fixed row, so that a failure comes again
      const next = (below) => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      for (let count = 0; count < 200; count += 1) await judged(Array.from({ length: next(12) }, () => bits[next(bits.length)]).join(''));
    });
  });

  test('the judge refuses what is wrong', () => {
    const paragraph = (...content) => ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content }] });
    for (const wrong of [
      { type: 'doc', version: 1, content: [{ type: 'text', text: 'bare' }] }, paragraph({ type: 'text', text: '' }), paragraph({ type: 'date', attrs: {} }),
      paragraph({ type: 'mention', attrs: {} }), paragraph({ type: 'text', text: 'x', marks: [{ type: 'link', attrs: {} }] }), { version: 1, content: [] },
    ]) assert.notDeepEqual(problemsOf(wrong), [], JSON.stringify(wrong));
    const good = paragraph({ type: 'text', text: 'x', marks: [{ type: 'link', attrs: { href: 'https://x.example' } }] }, { type: 'mention', attrs: { id: 'a' } }, { type: 'inlineCard', attrs: { url: 'https://y.example' } });
    assert.deepEqual([problemsOf(good), linksOf(good), mentionsOf(good)], [[], ['https://x.example', 'https://y.example'], ['a']]);
  });
});
