// Every secret that a run uses, gathered from what goes over the wire: of the test's own calls (http.mjs) and of belayd's calls outside, through fronts that stand
// before Jira and TeamViewer (front.mjs). Then looked for where none of them may stand: in the log, and in answers that refuse.
import { listeners } from './http.mjs';

/** Members of JSON, fields of forms and of addresses whose values are nobody else's business. */
const secretNames = new Set(['token', 'access_token', 'refresh_token', 'client_secret', 'code', 'code_verifier', 'code_challenge', 'state', 'nonce', 'grant', 'fit', 'userToken', 'systemToken', 'rawToken', 'customerLink', 'supporter_link', 'end_customer_link', 'webclient_supporter_link']);
/** What `grant` and `code` are called that are none. */
const words = new Set(['refresh', 'typed', 'code', 'authorization_code', 'refresh_token']);
const secretHeaders = ['authorization', 'x-forge-oauth-system', 'x-forge-oauth-user', 'x-hub-signature'];
/** Shorter ones are words of a test's, "x" for a code, and would be found anywhere. */
const kLeast = 12;
const kPiece = 16;

export class Secrets {
  #known = new Map();   // value -> what it was, wherever it was seen
  refusals = [];        // {method, url, text} of belayd's answers that refuse
  #own;

  /** Gathers from now on; `own`: beginnings of belayd's addresses, whose refusals are kept. Call stop(). */
  constructor({ own = () => [] } = {}) {
    this.#own = own;
    this.hear = this.hear.bind(this);
    listeners.add(this.hear);
  }

  stop() { listeners.delete(this.hear); }

  add(what, value) {
    if (typeof value !== 'string' || value.length < kLeast || words.has(value)) return value;
    this.#known.set(value, (this.#known.get(value) ?? new Set()).add(what));
    return value;
  }

  values() { return [...this.#known.keys()]; }

  /** How many there are, by what they are. */
  counts() {
    const counted = {};
    for (const what of [...this.#known.values()].flatMap((all) => [...all])) counted[what] = (counted[what] ?? 0) + 1;
    return counted;
  }

  hear({ method, url, requestHeaders, requestBody, status, headers, body }) {
    for (const name of secretHeaders) {
      const value = Object.entries(requestHeaders).find(([key]) => key.toLowerCase() === name)?.[1];
      if (!value) continue;
      this.add(`header ${name}`, String(value).replace(/^(Bearer|Basic|sha256=) ?/, ''));
      const [, pair] = /^Basic (.+)$/.exec(value) ?? [];
      if (pair) this.add('a password', Buffer.from(pair, 'base64').toString('utf8').split(':').at(-1));
    }
    for (const line of [requestHeaders.cookie ?? '', ...(headers['set-cookie'] ?? []).map((one) => one.split(';')[0])].join('; ').split('; ')) this.add(`cookie ${line.split('=')[0].replace(/belay_(link|sign_in)_.*/, 'belay_$1')}`, line.slice(line.indexOf('=') + 1));
    for (const address of [url, headers.location].filter(Boolean)) this.#fromAddress(address);
    this.#fromText(requestBody);
    this.#fromText(body);
    if (status >= 400 && this.#own().some((beginning) => String(url).startsWith(beginning))) this.refusals.push({ method, url, text: `${JSON.stringify(headers)}\n${body}` });
  }

  #fromAddress(address) {
    const { searchParams, pathname } = new URL(address, 'http://any.localhost');
    this.#fromPairs(searchParams, 'in an address');
    const at = searchParams.get('at') ?? pathname;
    this.add('finish', /\/finish\/([^/]+)$/.exec(at)?.[1]);
  }

  #fromPairs(pairs, where) {
    for (const [name, value] of pairs) if (secretNames.has(name)) this.add(`${name} ${where}`, value);
  }

  #fromText(text) {
    for (const [, name, value] of text.matchAll(/(?:name|data)[-=]"?(code|nonce|state|code_challenge)"?(?: value)?="([^"]+)"/g)) this.add(`${name} of a page`, value);
    if (/^[\w.-]+=[^<{]*$/.test(text)) this.#fromPairs(new URLSearchParams(text), 'of a form');
    let json;
    try {
      json = JSON.parse(text);
    } catch {
      return;
    }
    this.#fromJson(json);
  }

  #fromJson(value) {
    if (value === null || typeof value !== 'object') return;
    // A session's code is shown to people, and words are codes of problems.
    const shown = (name, text) => name === 'code' && ('supporter' in value || 'description' in value || /^[a-z_]+$/.test(text));
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'string' && secretNames.has(name) && !shown(name, member)) this.add(`${name} in JSON`, member);
      else this.#fromJson(member);
    }
  }

  /** Which of them, or pieces of them, stand in `text`: what they are. As they are, as JSON, as an address or as base64 has them. */
  foundIn(text) {
    const found = [...this.#known].filter(([value]) => {
      const pieces = value.length >= 2 * kPiece && !/^(eyJ|belay-page\.)/.test(value) && !value.startsWith('http') ? [value.slice(0, kPiece), value.slice(-kPiece)] : [value];
      const forms = [...pieces, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')];
      return forms.some((form) => text.includes(form));
    });
    return found.map(([value, what]) => `${[...what].join(', ')}: ${value.slice(0, 6)}… (${value.length})`);
  }

  /** Refusals that tell a secret: the method, the address and what. */
  toldByRefusals() {
    return this.refusals.flatMap(({ method, url, text }) => this.foundIn(text).map((what) => `${method} ${new URL(url).pathname}: ${what}`));
  }
}
