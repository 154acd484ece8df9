// docs/openapi.yaml as a list of what has to be shown: which operations, successes and errors the real server has really given.
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { document, operationOf, problemsOf } from '../harness/openapi.mjs';

export { document };

const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ $id: 'belay:requests', ...document });
const escape = (part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'));

/** Every operation as {id, method, path, operation}. */
export const operations = Object.entries(document.paths).flatMap(([path, item]) => ['get', 'post', 'put', 'delete', 'patch']
  .filter((method) => item[method]).map((method) => ({ id: item[method].operationId, method: method.toUpperCase(), path, operation: item[method] })));

/** Without members that are null: they count as absent. */
const present = (value) => (Array.isArray(value) || value === null || typeof value !== 'object' ? value
  : Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null).map(([key, member]) => [key, present(member)])));

/** What the document says against a request's body, as one text; empty when it fits, undefined when the operation takes none. */
export function bodyProblems(method, url, body) {
  const found = operationOf(method, url);
  if (!found?.operation.requestBody) return undefined;
  const pointer = `belay:requests#/paths/${escape(found.path)}/${method.toLowerCase()}/requestBody/content/application~1json/schema`;
  const validate = ajv.getSchema(pointer) ?? ajv.compile({ $ref: pointer });
  return validate(present(body ?? {})) ? '' : ajv.errorsText(validate.errors);
}

/** Notes every answer, and holds it and the accepted bodies against the document. */
export class Coverage {
  #successes = new Set();
  #errors = new Map();   // operation id -> codes
  codes = new Set();
  reasons = new Set();   // of `forbidden`

  /** `answer`: {status, headers, text, json}. Gives it back; fails when it is not as documented. */
  note(method, url, answer, body) {
    const problems = problemsOf(method, url, answer);
    if (problems.length > 0) throw new Error(`${method} ${url} answered ${answer.status} not as documented: ${problems.join('; ')}\n${answer.text.slice(0, 1000)}`);
    const found = operationOf(method, url);
    const succeeded = answer.status < 400;
    if (succeeded && found) {
      if (!found.operation.responses[answer.status]) throw new Error(`${method} ${url}: ${answer.status} is not documented`);
      if (bodyProblems(method, url, body)) throw new Error(`${method} ${url} took a body that the document refuses: ${bodyProblems(method, url, body)}`);
      this.#successes.add(found.operation.operationId);
    }
    if (!succeeded && answer.json) {
      this.codes.add(answer.json.code);
      if (answer.json.code === 'forbidden') this.reasons.add(answer.json.detail.reason);
      if (found) this.#errors.set(found.operation.operationId, (this.#errors.get(found.operation.operationId) ?? new Set()).add(answer.json.code));
    }
    return answer;
  }

  /** Operations without a success (but those beside a Jira Data Center, which tests/functional/datacenter.test.mjs shows), and without an error of their own: those that every call can get do not count. */
  missing() {
    const everybodys = ['invalid_invocation_token', 'not_paired', 'environment_not_allowed'];
    return operations.filter(({ path }) => !path.startsWith('/datacenter/')).flatMap(({ id }) => [
      ...(this.#successes.has(id) ? [] : [`${id}: no success`]),
      ...([...(this.#errors.get(id) ?? [])].some((code) => !everybodys.includes(code)) ? [] : [`${id}: no error of its own`]),
    ]);
  }
}
