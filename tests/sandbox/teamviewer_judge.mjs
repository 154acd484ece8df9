// TeamViewer's OpenAPI as a judge of requests and answers. It was written by us from public documents, so it
// shows that two sides agree with one reading, not with the live service.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { root } from '../harness/program.mjs';

const name = 'teamviewer-webapi.openapi.yaml';

/** {judge}, or {skip: why}. When BELAY_CONTRACTS is set and the file is not there, somebody meant to run the check: that fails. */
export function teamviewerJudge() {
  const folder = process.env.BELAY_CONTRACTS ?? join(root, '../shared/contracts');
  const file = join(folder, name);
  if (existsSync(file)) return { judge: new Judge(parse(readFileSync(file, 'utf8'))) };
  if (process.env.BELAY_CONTRACTS) throw new Error(`${file} does not exist, though BELAY_CONTRACTS is set`);
  return { skip: `SKIP: ${name} not found (set BELAY_CONTRACTS, or put it in ../shared/contracts)` };
}

/** What the document lists becomes all there may be: a member that no source names is an invention. */
function close(schema) {
  if (Array.isArray(schema)) return schema.map(close);
  if (schema === null || typeof schema !== 'object') return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]));
  return schema.type === 'object' && schema.properties && !schema.allOf ? { additionalProperties: false, ...closed } : closed;
}

class Judge {
  constructor(document) {
    this.document = document;
    this.seen = new Map();  // operationId -> set of statuses
    this.ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema(close(document), 'teamviewer');
    this.validators = new Map();
  }

  #resolve(node) {
    if (!node?.$ref) return node;
    return node.$ref.split('/').slice(1).reduce((at, key) => at[key.replace(/~1/g, '/')], this.document);
  }

  /** Problems of `value` against the schema that stands at `pointer` in the document. */
  #validate(pointer, value) {
    if (!this.validators.has(pointer)) this.validators.set(pointer, this.ajv.compile({ $ref: `teamviewer#${pointer}` }));
    const valid = this.validators.get(pointer);
    return valid(value) ? [] : valid.errors.map(({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
  }

  /** The operation that serves a method and path: {pointer, operation, path}. The two OAuth paths match without regard to case (trap 17). */
  operation(method, pathname) {
    for (const [template, item] of Object.entries(this.document.paths)) {
      const operation = item[method.toLowerCase()];
      const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`, /oauth2/i.test(template) ? 'i' : '');
      if (operation && pattern.test(pathname)) {
        return { operation, shared: item.parameters ?? [], pointer: `/paths/${escape(template)}/${method.toLowerCase()}` };
      }
    }
    return undefined;
  }

  /** What is wrong with a request that the service should accept: query, body. */
  request({ method, url, headers = {}, body }) {
    const { pathname, searchParams } = new URL(url);
    const found = this.operation(method, pathname);
    if (!found) return [`${method} ${pathname} is not in the contract`];
    const problems = [];
    const parameters = [...found.shared, ...(found.operation.parameters ?? [])].map((one) => this.#resolve(one));
    for (const key of new Set(searchParams.keys())) {
      const parameter = parameters.find((one) => one.in === 'query' && one.name === key);
      if (!parameter) problems.push(`query ${key} is not in the contract`);
      else if (searchParams.getAll(key).length > 1) problems.push(`query ${key} is repeated`);
      else problems.push(...this.#value(parameter.schema, searchParams.get(key)).map((problem) => `query ${key}: ${problem}`));
    }
    const content = found.operation.requestBody?.content;
    if (content) {
      const type = (Object.entries(headers).find(([key]) => key.toLowerCase() === 'content-type')?.[1] ?? '').split(';')[0];
      if (!content[type]) problems.push(`content type ${type} is not in the contract`);
      else problems.push(...this.#validate(`${found.pointer}/requestBody/content/${escape(type)}/schema`, body).map((problem) => `body ${problem}`));
    } else if (body !== undefined) {
      problems.push('this call takes no body');
    }
    if (found.operation.security === undefined && !Object.keys(headers).some((key) => key.toLowerCase() === 'authorization')) problems.push('Authorization is missing');
    return problems;
  }

  #value(schema, text) {
    const resolved = this.#resolve(schema.allOf?.[0] ?? schema);
    const value = resolved.type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : resolved.type === 'integer' ? Number(text) : text;
    const { $ref, ...own } = resolved;
    const valid = this.ajv.compile(own);
    return valid(value) ? [] : valid.errors.map(({ message }) => message);
  }

  /** What is wrong with an answer. `local`: origins of a sandbox that stand for TeamViewer's own https ones (the only deviation allowed). */
  answer({ method, url, status, type = '', text }, { local = [] } = {}) {
    const { pathname } = new URL(url);
    const found = this.operation(method, pathname);
    if (!found) return [`${method} ${pathname} is not in the contract`];
    const { operationId, responses } = found.operation;
    this.seen.set(operationId, (this.seen.get(operationId) ?? new Set()).add(status));
    const listed = responses[status];
    if (!listed) return [`${operationId}: status ${status} is not in the contract`];
    const response = this.#resolve(listed);
    if (!response.content) return text === '' ? [] : [`${operationId}: ${status} has no body in the contract`];
    const media = type.split(';')[0];
    if (!response.content[media]) return [`${operationId}: ${status} as ${media} is not in the contract`];
    const at = listed.$ref ? listed.$ref.slice(1) : `${found.pointer}/responses/${status}`;
    const honest = local.reduce((all, origin) => all.replaceAll(origin, origin.replace(/^http:\/\/([^:]+):\d+$/, 'https://$1')), text);
    const value = media === 'application/json' ? JSON.parse(honest) : honest;
    return [...this.#validate(`${at}/content/${escape(media)}/schema`, value), ...nulls(value)].map((problem) => `${operationId} ${status}: ${problem}`);
  }

  /** Operations whose success nobody has seen. */
  unseen() {
    return Object.values(this.document.paths)
      .flatMap((item) => ['get', 'post', 'put', 'delete'].map((method) => item[method]?.operationId).filter(Boolean))
      .filter((id) => ![...(this.seen.get(id) ?? [])].some((status) => status < 300));
  }
}

/** Absent members are left out, never null. */
function nulls(value, path = '') {
  if (value === null) return [`${path || '/'} is null`];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => nulls(inner, `${path}/${key}`));
}

function escape(segment) {
  return encodeURIComponent(segment.replace(/~/g, '~0').replace(/\//g, '~1'));
}
