// What has to hold for the message catalogues in i18n/. Each rule gives a list of complaints, empty when all is well.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export const languages = ['en', 'fr'];
export const load = (language) => JSON.parse(readFileSync(join(root, 'i18n', `${language}.json`), 'utf8'));
export const loadApi = () => parse(readFileSync(join(root, 'docs', 'openapi.yaml'), 'utf8'));

/** `{name}` of the catalogue and `{{smart.value}}` of the customer text, sorted, each once. */
export function placeholders(text) {
  return [...new Set(text.match(/\{\{[^{}]*\}\}|\{[A-Za-z]+\}/g) ?? [])].sort();
}

export function sameKeys(one, other) {
  return Object.keys(one).filter((key) => !(key in other)).map((key) => `${key} is only in one language`);
}

export function samePlaceholders(one, other) {
  return Object.keys(one)
    .filter((key) => key in other && placeholders(one[key]).join() !== placeholders(other[key]).join())
    .map((key) => `${key}: ${placeholders(one[key])} against ${placeholders(other[key])}`);
}

export function nothingEmpty(catalogue) {
  return Object.entries(catalogue)
    .filter(([, text]) => typeof text !== 'string' || text.trim() === '')
    .map(([key]) => `${key} is empty`);
}

/** Every code that the API can answer has words, and they name only what the answer always carries. */
export function errorsHaveWords(catalogue, api) {
  const codes = api.components.schemas.ErrorCode.enum;
  const facts = api['x-belay-errors'];
  const missing = codes.filter((code) => !catalogue[`error.${code}`]).map((code) => `error.${code} has no words`);
  const unlisted = codes.filter((code) => !facts[code]).map((code) => `${code} is not in x-belay-errors`);
  const unnamed = Object.keys(facts).filter((code) => !codes.includes(code)).map((code) => `${code} is not an ErrorCode`);
  const unfillable = codes.flatMap((code) => {
    const known = new Set([...(facts[code]?.detail ?? []), ...(facts[code]?.retryAfter ? ['retryAfter'] : [])]);
    return placeholders(catalogue[`error.${code}`] ?? '')
      .filter((name) => !known.has(name.slice(1, -1)))
      .map((name) => `error.${code} names ${name}, which the answer need not carry`);
  });
  return [...missing, ...unlisted, ...unnamed, ...unfillable];
}

/** Enumerations of the API that the pages show by `<prefix>.<value>`. */
export function enumerationsHaveWords(catalogue, api) {
  const schemas = api.components.schemas;
  const shown = {
    state: schemas.SessionState.enum,
    forbidden: schemas.ForbiddenReason.enum,
    provider: schemas.Provider.enum,
    language: schemas.Language.enum,
    role: schemas.IssuePerson.properties.roles.items.enum,
    standing: schemas.IssuePerson.properties.standing.enum,
    'standing.address': schemas.IssuePerson.properties.addressProblem.enum,
    'person.address_explained': schemas.IssuePerson.properties.addressProblem.enum,
    scope: schemas.AccountAnswer.properties.scopes.items.enum,
    'licence.reason': schemas.Licence.properties.reason.enum,
    'create.invitation': schemas.Invitation.enum,
    'panel.missing': schemas.Missing.properties.what.enum,
    'text.problem': schemas.TextProblem.properties.code.enum,
    'health': schemas.HealthLine.properties.check.enum.flatMap((check) => [`${check}.ok`, `${check}.bad`]),
  };
  return Object.entries(shown).flatMap(([prefix, values]) =>
    values.filter((value) => !catalogue[`${prefix}.${value}`]).map((value) => `${prefix}.${value} has no words`),
  );
}

/** The tone of docs and screens: no exclamation marks, no "please" in either language. */
export function toneIsCalm(catalogue) {
  return Object.entries(catalogue)
    .filter(([, text]) => /[!]|\bplease\b|s’il vous plaît|veuillez/i.test(text))
    .map(([key, text]) => `${key}: ${text}`);
}

/** The text of everything that can use a message: pages and server, without their tests. */
export function loadSources() {
  return ['web/src', 'src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.(tsx?|cpp|hpp)$/.test(name) && !/[._]test\.|(^|\/)test\//.test(name))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  ).join('\n');
}

/** A key is used when it stands in the sources, whole or as what comes before a value: `state.${…}`, "error." + code; what the pages choose from its forms are counts and the Jira around them. */
export function everyKeyIsUsed(catalogue, sources) {
  const built = [...sources.matchAll(/[`'"]([a-z_]+(?:\.[a-z_]+)*\.)(?=\$\{|["'])/g)].map(([, prefix]) => prefix);
  return Object.keys(catalogue)
    .map((key) => [key, key.replace(/\.(one|other|datacenter)$/, '')])
    .filter(([key, base]) => !sources.includes(key) && !sources.includes(`'${base}'`) && !built.some((prefix) => key.startsWith(prefix)))
    .map(([key]) => `${key} is used nowhere`);
}
