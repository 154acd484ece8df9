// docs/openapi.yaml as a judge of what belayd really answers: status, shape, and the code of every error.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { root } from './program.mjs';

export const document = parse(readFileSync(join(root, 'docs/openapi.yaml'), 'utf8'));
const id = 'belay:openapi';
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ $id: id, ...document });

const escape = (part) => part.replace(/~/g, '~0').replace(/\//g, '~1');
const routes = Object.keys(document.paths).map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`) }))
  // A path without parameters is meant where both fit.
  .sort((a, b) => a.path.split('{').length - b.path.split('{').length);

/** The operation that answers, as {path, operation}, or undefined: then only the error shape is known. */
export function operationOf(method, url) {
  const { pathname } = new URL(url, 'http://any.localhost');
  const route = routes.find(({ pattern }) => pattern.test(pathname));
  const operation = route && document.paths[route.path][method.toLowerCase()];
  return operation && { path: route.path, operation };
}

function schemaPointer(method, url, status) {
  const found = operationOf(method, url);
  if (found && found.operation.responses[status]) {
    return found.operation.responses[status].content ? `#/paths/${escape(found.path)}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema` : undefined;
  }
  return '#/components/schemas/Error';
}

/** What is wrong with an answer, as a list of sentences; empty when it is as documented. */
export function problemsOf(method, url, { status, json, headers }) {
  const pointer = schemaPointer(method, url, status);
  if (pointer === undefined) return [];
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return [`content type ${headers['content-type']}`];
  const validate = ajv.getSchema(id + pointer) ?? ajv.compile({ $ref: id + pointer });
  const problems = validate(json) ? [] : validate.errors.map(({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
  if (pointer === '#/components/schemas/Error' && problems.length === 0) problems.push(...errorProblems(status, json));
  return problems;
}

/** x-belay-errors: each code has one status, and members of `detail` that are always there. */
function errorProblems(status, { code, detail = {}, retryAfter }) {
  const promised = document['x-belay-errors'][code];
  if (!promised) return [`the code ${code} is not in x-belay-errors`];
  const problems = [];
  if (promised.status !== status) problems.push(`${code} came with ${status}, not ${promised.status}`);
  for (const member of promised.detail) if (!(member in detail)) problems.push(`${code} came without detail.${member}`);
  if (promised.retryAfter && retryAfter === undefined) problems.push(`${code} came without retryAfter`);
  return problems;
}
