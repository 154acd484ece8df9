// A second opinion on the vectors, by other hands: `jose` checks shape, signature, issuer, audience and times; what is particular to Forge
// is checked below. Says "accept", or why not.
import { createLocalJWKSet, jwtVerify } from 'jose';

const issuer = 'forge/invocation-token';
const skew = 30;

export async function judge({ token, now, rules, keySet }) {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keySet), {
      algorithms: ['RS256'],
      issuer,
      audience: rules.app_ids,
      clockTolerance: skew,
      currentDate: new Date(now * 1000),
      requiredClaims: ['iat', 'nbf', 'exp'],
    });
    return checkClaims(payload, protectedHeader, rules) ?? 'accept';
  } catch (error) {
    return error.code ?? error.message;
  }
}

const isText = (value) => typeof value === 'string' && value !== '';
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTime = (value) => Number.isInteger(value) && value >= 0 && value <= 253_402_300_799;
const textOrNothing = (value) => value == null || typeof value === 'string';

function checkClaims(payload, header, rules) {
  const { app, context } = payload;
  if (!isText(header.kid)) return 'no kid';
  if ('icLabel' in payload) return 'isolated cloud';
  if (![payload.iat, payload.nbf, payload.exp].every(isTime)) return 'a time that is none';
  if (!isObject(app) || !isObject(app.installation) || !isObject(app.environment)) return 'no app';
  if (context != null && !isObject(context)) return 'context';
  const audience = Array.isArray(payload.aud) && payload.aud.length === 1 ? payload.aud[0] : payload.aud;
  if (app.id !== audience) return 'app and audience';
  if (!isText(app.installationId) || app.installationId !== app.installation.id) return 'installation';
  const cloudId = /^https?:\/\/[A-Za-z0-9.:-]+\/ex\/jira\/([A-Za-z0-9-]{1,64})$/.exec(app.apiBaseUrl)?.[1];
  const contexts = app.installation.contexts ?? [];
  if (!Array.isArray(contexts) || !contexts.every(isObject)) return 'contexts';
  for (const place of [context ?? {}, ...contexts]) if (!cloudId || ('cloudId' in place && place.cloudId !== cloudId)) return 'cloud';
  if (!rules.environments.includes(app.environment.type)) return 'environment';
  const extension = context?.extension;
  if (extension != null && !isObject(extension)) return 'extension';
  const issue = extension?.issue ?? extension?.request;
  if (!textOrNothing(payload.principal) || !textOrNothing(issue?.key)) return 'principal or issue';
  return undefined;
}
