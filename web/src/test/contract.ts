/*
 * docs/openapi.yaml as the judge of what the fakes answer and what the pages send: a test cannot pass on a shape that the server
 * would never give.
 */
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import document from '../../../docs/openapi.yaml?raw';

const api = parse(document);
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(api, 'api');

interface Operation {
  requestBody?: unknown;
  responses: Record<string, { $ref?: string }>;
}

const escape = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

function find(method: string, path: string): { pointer: string; operation: Operation } {
  const bare = path.split('?')[0] ?? '';
  for (const [template, operations] of Object.entries<Record<string, Operation>>(api.paths)) {
    const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);
    const operation = operations[method.toLowerCase()];
    if (pattern.test(bare) && operation) return { pointer: `api#/paths/${escape(template)}/${method.toLowerCase()}`, operation };
  }
  throw new Error(`docs/openapi.yaml has no ${method} ${bare}`);
}

function judge(pointer: string, value: unknown, what: string): void {
  const validate = ajv.getSchema(pointer) ?? ajv.compile({ $ref: pointer });
  if (!validate(value)) throw new Error(`${what}: ${ajv.errorsText(validate.errors)}`);
}

const kJson = 'content/application~1json/schema';

export function judgeRequest(method: string, path: string, body: unknown): void {
  const { pointer, operation } = find(method, path);
  if (body === undefined) return;
  if (!operation.requestBody) throw new Error(`${method} ${path} takes no body`);
  judge(`${pointer}/requestBody/${kJson}`, body, `request ${method} ${path}`);
}

export function judgeAnswer(method: string, path: string, status: number, body: unknown): void {
  const { pointer, operation } = find(method, path);
  const what = `answer ${status} to ${method} ${path}`;
  const response = operation.responses[status];
  // An answer that several calls give stands elsewhere in the document.
  if (response) judge(`${response.$ref ? `api${response.$ref}` : `${pointer}/responses/${status}`}/${kJson}`, body, what);
  else judge('api#/components/schemas/Error', body, what);
}
