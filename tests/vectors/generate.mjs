// Writes fit.json: Forge Invocation Tokens, good and bad, each with the verdict Belay must give (docs/forge.md).
// Deterministic: the same keys give the same file. Ordinary tokens are minted by jose, crooked ones by hand.
import { createHmac, createPrivateKey, createPublicKey, constants, sign as signBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { CompactSign } from 'jose';

const keys = JSON.parse(readFileSync(new URL('test-keys.json', import.meta.url)));
const privateKey = Object.fromEntries(
  Object.entries(keys).filter(([name]) => name !== 'warning').map(([name, jwk]) => [name, createPrivateKey({ key: jwk, format: 'jwk' })]),
);
const publicJwk = (name, kid, more = {}) => {
  const { kty, n, e, crv, x, y } = keys[name];
  return JSON.parse(JSON.stringify({ kty, n, e, crv, x, y, kid, use: 'sig', alg: kty === 'RSA' ? 'RS256' : 'ES256', ...more }));
};

const keySets = {
  main: { keys: [publicJwk('main', 'main'), publicJwk('second', 'second')] },
  single: { keys: [publicJwk('main', 'main')] },
  with_others: { keys: [publicJwk('elliptic', 'elliptic'), publicJwk('weak', 'weak'), publicJwk('second', 'for-encryption', { use: 'enc', alg: 'RSA-OAEP' }), publicJwk('main', 'main')] },
  duplicate_kid: { keys: [publicJwk('main', 'main'), publicJwk('second', 'main')] },
};

const now = 1_800_000_000;
const appId = 'ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107';
const otherAppId = 'ari:cloud:ecosystem::app/77334c21-3dd0-474f-a53f-28b4eeee5a71';
const cloudId = 'd0d52620-3203-4cfa-8db5-f2587155f0dd';
const otherCloudId = '4c822e2f-510f-48b9-b8d2-8419d0932949';
const installation = 'ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5';
const otherInstallation = 'ari:cloud:ecosystem::installation/75969db9-dc7b-4798-9715-bd098ac0d9d1';
const apiBaseUrl = `https://api.atlassian.com/ex/jira/${cloudId}`;
const rules = { app_ids: [appId], environments: ['PRODUCTION'] };

// What Forge sends with a call from the panel of an issue.
const uiCall = () => ({
  app: {
    id: appId,
    version: '16',
    appVersion: '16.0.1',
    installationId: installation,
    apiBaseUrl,
    environment: { type: 'PRODUCTION', id: 'ari:cloud:ecosystem::environment/8db33809-1f32-48bb-8c52-5877dab48107/aa911f10-c54b-4b93-9e27-dd2947840b9e' },
    module: { type: 'jira:issueContext', key: 'panel' },
    installation: { id: installation, contexts: [{ name: `ari:cloud:jira::site/${cloudId}`, apiBaseUrl, cloudId }] },
  },
  context: {
    localId: '4654fa12-4c7c-4792-95a9-6019edb27953',
    cloudId,
    moduleKey: 'panel',
    siteUrl: 'https://help.example',
    extension: { type: 'jira:issueContext', issue: { id: '10001', key: 'HELP-1', type: 'Task', typeId: '10002' }, project: { id: '10000', key: 'HELP', type: 'service_desk' } },
  },
  principal: '655362:312d3308-8954-42b0-aa38-771a10c88656',
  aud: appId,
  iss: 'forge/invocation-token',
  iat: now - 5,
  nbf: now - 5,
  exp: now + 20,
  jti: 'd8a496253ec8c18a54631e4c82cbedd5d0ae8570',
});
const backendCall = () => {
  const { context, principal, ...payload } = uiCall();
  payload.app.module = { type: 'core:endpoint', key: 'events' };
  return payload;
};

const encode = (text) => Buffer.from(text).toString('base64url');
const rs256 = (input, key = 'main') => signBytes('sha256', Buffer.from(input), privateKey[key]).toString('base64url');
const goodHeader = { alg: 'RS256', kid: 'main', typ: 'JWT' };

// Signs exactly these bytes, whatever they are.
const raw = (header, payload, key = 'main') => {
  const text = (part) => (typeof part === 'string' || Buffer.isBuffer(part) ? part : JSON.stringify(part));
  const input = `${encode(text(header))}.${encode(text(payload))}`;
  return `${input}.${rs256(input, key)}`;
};
const byJose = (payload, header = goodHeader, key = 'main') =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader(header).sign(privateKey[key]);
// A good token with one change to its payload.
const changed = (change, make = uiCall) => {
  const payload = make();
  change(payload);
  return byJose(payload);
};
// A good payload in which a piece of JSON text is replaced: for what JSON.stringify cannot say.
const textual = (from, to) => {
  const text = JSON.stringify(uiCall());
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return raw(goodHeader, text.replace(from, to));
};
const withHeader = (header, key = 'main') => raw(header, uiCall(), key);

const vectors = [];
const add = async (name, verdict, note, token, more = {}) => vectors.push({ name, verdict, note, keys: 'main', now, rules, ...more, token: await token });

// ---- accepted ----
await add('ui_call_on_an_issue', 'accept', 'as Forge sends it from the issue panel', changed(() => {}));
await add('backend_call', 'accept', 'events and scheduled triggers have no context and no principal', changed(() => {}, backendCall));
await add('second_key_of_the_set', 'accept', 'the kid chooses the key', byJose(uiCall(), { ...goodHeader, kid: 'second' }, 'second'));
await add('page_without_issue', 'accept', 'admin page: an extension without an issue', changed((p) => { p.context.extension = { type: 'jira:adminPage' }; }));
await add('context_without_extension', 'accept', 'the extension is optional', changed((p) => { delete p.context.extension; }));
await add('portal_request', 'accept', 'in the portal the issue is called request', changed((p) => { p.context.extension = { type: 'jiraServiceManagement:portalRequestDetailPanel', request: { key: 'HELP-1', typeId: '3' }, portal: { id: 1 } }; }));
await add('issue_id_as_number', 'accept', 'some modules write the id as a number', changed((p) => { p.context.extension.issue.id = 10001; }));
await add('principal_null', 'accept', 'nobody is signed in', changed((p) => { p.principal = null; }));
await add('principal_absent', 'accept', 'nobody is signed in', changed((p) => { delete p.principal; }));
await add('audience_as_list_of_one', 'accept', 'RFC 7519, 4.1.3: the same as a string', changed((p) => { p.aud = [appId]; }));
await add('second_allowed_app', 'accept', 'published app and forked app side by side', changed((p) => { p.aud = p.app.id = otherAppId; }), { rules: { ...rules, app_ids: [appId, otherAppId] } });
await add('staging_allowed', 'accept', 'the operator allows it', changed((p) => { p.app.environment.type = 'STAGING'; }), { rules: { ...rules, environments: ['PRODUCTION', 'STAGING'] } });
await add('no_typ', 'accept', 'typ is optional', withHeader({ alg: 'RS256', kid: 'main' }));
await add('unknown_claims', 'accept', 'claims that nobody knows are ignored', changed((p) => { p.app.shoeSize = 43; p.more = { of: ['it'] }; }));
await add('unknown_header_members', 'accept', 'not critical, so ignored', withHeader({ ...goodHeader, x: 1 }));
await add('no_contexts', 'accept', 'only what is present is compared', changed((p) => { delete p.app.installation.contexts; }));
await add('context_of_another_product', 'accept', 'an entry without a cloudId is not compared', changed((p) => { p.app.installation.contexts.push({ name: 'elsewhere', workspaceId: '{b7ea02c9}' }); }));
await add('no_cloud_id_in_context', 'accept', 'only what is present is compared', changed((p) => { delete p.context.cloudId; }));
await add('no_module', 'accept', 'rights are decided later; without a module there are none', changed((p) => { delete p.app.module; }, backendCall));
await add('inactive_licence', 'accept', 'the licence is read, not judged here', changed((p) => { p.app.license = { isActive: false }; }));
await add('expired_within_skew', 'accept', 'ended 29 s ago', changed((p) => { p.exp = now - 29; }));
await add('not_yet_valid_within_skew', 'accept', 'begins in 29 s', changed((p) => { p.nbf = now + 29; }));
await add('not_yet_valid_at_the_edge', 'accept', 'begins in exactly 30 s', changed((p) => { p.nbf = now + 30; }));
await add('issued_in_the_future', 'accept', 'nbf decides, iat only has to be a time', changed((p) => { p.iat = now + 3600; }));
await add('long_life', 'accept', 'Forge chooses how long a token lives', changed((p) => { p.exp = now + 86_400; }));
await add('api_on_loopback', 'accept', 'the host is pinned one step later, by the configured api_hosts', changed((p) => { p.app.apiBaseUrl = `http://127.0.0.1:8080/ex/jira/${cloudId}`; }));
await add('foreign_api_host', 'accept', 'the same: refused by the door to Jira, which knows the hosts', changed((p) => { p.app.apiBaseUrl = `https://evil.example/ex/jira/${cloudId}`; }));
await add('set_with_other_keys', 'accept', 'keys of another kind in the set are skipped', changed(() => {}), { keys: 'with_others' });
await add('jku_of_a_stranger_ignored', 'accept', 'no address in a header is ever followed', withHeader({ ...goodHeader, jku: 'https://evil.example/jwks.json', x5u: 'https://evil.example/cert' }));
await add('unicode_everywhere', 'accept', 'names are any Unicode', changed((p) => { p.context.extension.issue.type = 'Störung 🚑 \u202e'; }));

// ---- malformed ----
const good = await changed(() => {});
const [headerPart, payloadPart, signaturePart] = good.split('.');
await add('empty', 'malformed', '', '');
await add('one_part', 'malformed', '', headerPart);
await add('two_parts', 'malformed', '', `${headerPart}.${payloadPart}`);
await add('four_parts', 'malformed', '', `${good}.${signaturePart}`);
await add('five_parts', 'malformed', 'the shape of an encrypted token', `${good}.AA.AA`);
await add('trailing_dot', 'malformed', '', `${good}.`);
await add('leading_dot', 'malformed', '', `.${good}`);
await add('trailing_newline', 'malformed', 'one value has one text', `${good}\n`, { jose_differs: 'jose decodes base64 without regard to white space' });
await add('leading_space', 'malformed', '', ` ${good}`);
await add('bearer_inside', 'malformed', '', `Bearer ${good}`);
await add('padded_signature', 'malformed', 'base64url has no padding (RFC 7515, section 2)', `${good}==`, { jose_differs: 'jose decodes base64url leniently: padding is passed over' });
await add('padded_header', 'malformed', '', `${encode(JSON.stringify({ ...goodHeader, x: 'aa' }))}=.${payloadPart}.${signaturePart}`);
await add('signature_in_plain_base64', 'malformed', '+ and / belong to the other alphabet', `${headerPart}.${payloadPart}.${signaturePart.replaceAll('-', '+').replaceAll('_', '/')}`);
const lastDigit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(signaturePart.at(-1));
await add('trailing_bits', 'malformed', 'a second text for the same signature', `${headerPart}.${payloadPart}.${signaturePart.slice(0, -1)}${'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[lastDigit | 1]}`, { jose_differs: 'jose decodes base64url leniently: bits that say nothing may be anything' });
await add('cut_by_one', 'malformed', 'a length no base64url text has', good.slice(0, -1));
await add('cut_after_payload', 'malformed', 'empty signature', `${headerPart}.${payloadPart}.`);
await add('no_payload', 'malformed', '', `${headerPart}..${signaturePart}`);
await add('no_header', 'malformed', '', `.${payloadPart}.${signaturePart}`);
await add('oversized', 'malformed', 'more than 16 KiB, well signed', changed((p) => { p.ballast = 'x'.repeat(16 * 1024); }), { jose_differs: 'jose knows no limit of size; servers usually have one in front' });
await add('header_no_json', 'malformed', '', raw('{"alg":"RS256","kid":"main"', uiCall()));
await add('header_a_list', 'malformed', '', raw('["RS256"]', uiCall()));
await add('payload_no_json', 'malformed', 'signed all the same', raw(goodHeader, 'plain words'));
await add('payload_a_list', 'malformed', '', raw(goodHeader, '[]'));
await add('payload_null', 'malformed', '', raw(goodHeader, 'null'));
await add('payload_with_tail', 'malformed', '', raw(goodHeader, `${JSON.stringify(uiCall())}{}`));
await add('payload_with_byte_order_mark', 'malformed', '', raw(goodHeader, `\ufeff${JSON.stringify(uiCall())}`), { jose_differs: 'the TextDecoder under jose drops a byte order mark; RFC 8259, 8.1, lets a parser refuse it' });
await add('payload_not_utf8', 'malformed', 'a lone byte 0xff inside a string', raw(goodHeader, Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xff]), Buffer.from(`",${JSON.stringify(uiCall()).slice(1)}`)])));
await add('half_a_surrogate_pair', 'malformed', 'no Unicode text has one', textual('"version":"16"', '"version":"\\ud800"'), { jose_differs: 'JSON.parse lets half a pair pass' });
await add('nested_too_deep', 'malformed', '40 levels', changed((p) => { p.deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`); }), { jose_differs: 'JSON.parse has no limit of depth' });
await add('duplicate_claim', 'malformed', 'two readers could see two audiences', textual('"aud":', `"aud":"${otherAppId}","aud":`), { jose_differs: 'JSON.parse takes the last member of a name and says nothing' });
await add('duplicate_claim_inside', 'malformed', 'also further down', textual('"moduleKey":"panel"', `"moduleKey":"panel","cloudId":"${cloudId}"`), { jose_differs: 'JSON.parse takes the last member of a name and says nothing' });
await add('duplicate_claim_escaped', 'malformed', 'the same name written with an escape', textual('"aud":', `"\\u0061ud":"${otherAppId}","aud":`), { jose_differs: 'JSON.parse takes the last member of a name and says nothing' });
await add('duplicate_header_member', 'malformed', '', raw('{"alg":"none","kid":"main","alg":"RS256"}', uiCall()), { jose_differs: 'JSON.parse takes the last member of a name and says nothing' });
await add('critical_unknown', 'malformed', 'RFC 7515, 4.1.11: not understood, so refused', withHeader({ ...goodHeader, crit: ['http://example.com/x'], 'http://example.com/x': 1 }));
await add('critical_registered', 'malformed', 'exp must not be listed', withHeader({ ...goodHeader, crit: ['exp'], exp: 1 }));
await add('critical_empty', 'malformed', 'an empty list is not allowed either', withHeader({ ...goodHeader, crit: [] }));
await add('unencoded_payload', 'malformed', 'RFC 7797 is not spoken here', withHeader({ ...goodHeader, crit: ['b64'], b64: false }));
await add('unencoded_payload_not_critical', 'malformed', 'a reader who obeys b64 would see another payload', withHeader({ ...goodHeader, b64: false }), { jose_differs: 'jose ignores b64 unless it is listed as critical' });

// ---- algorithm ----
const unsigned = (header, signature = 'AA') => `${encode(JSON.stringify(header))}.${payloadPart}.${signature}`;
await add('none', 'wrong_algorithm', 'with a signature, so that the shape is right', unsigned({ alg: 'none', kid: 'main' }));
await add('none_without_signature', 'malformed', 'as libraries write it', unsigned({ alg: 'none' }, ''));
await add('none_in_capitals', 'wrong_algorithm', '', unsigned({ alg: 'NONE', kid: 'main' }));
await add('rs256_in_small_letters', 'wrong_algorithm', 'names of algorithms are compared exactly', withHeader({ ...goodHeader, alg: 'rs256' }));
const publicPem = createPublicKey(privateKey.main).export({ type: 'spki', format: 'pem' });
const hs256 = (secret) => {
  const input = `${encode(JSON.stringify({ alg: 'HS256', kid: 'main', typ: 'JWT' }))}.${payloadPart}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
await add('hs256_with_public_pem', 'wrong_algorithm', 'the public key taken for a shared secret', hs256(publicPem));
await add('hs256_with_modulus', 'wrong_algorithm', 'the same with the bare number', hs256(Buffer.from(keys.main.n, 'base64url')));
const other = (alg, digest, options = {}) => {
  const input = `${encode(JSON.stringify({ alg, kid: 'main', typ: 'JWT' }))}.${payloadPart}`;
  return `${input}.${signBytes(digest, Buffer.from(input), { key: privateKey.main, ...options }).toString('base64url')}`;
};
await add('rs384', 'wrong_algorithm', 'well signed, but not what Forge uses', other('RS384', 'sha384'));
await add('rs512', 'wrong_algorithm', '', other('RS512', 'sha512'));
await add('ps256', 'wrong_algorithm', '', unsigned({ alg: 'PS256', kid: 'main' }, signaturePart));
await add('es256', 'wrong_algorithm', '', unsigned({ alg: 'ES256', kid: 'elliptic' }, encode('x'.repeat(64))), { keys: 'with_others' });
await add('no_algorithm', 'wrong_algorithm', '', withHeader({ kid: 'main', typ: 'JWT' }));
await add('algorithm_a_number', 'wrong_algorithm', '', withHeader({ ...goodHeader, alg: 256 }));
await add('algorithm_a_list', 'wrong_algorithm', '', withHeader({ ...goodHeader, alg: ['RS256'] }));

// ---- key ----
await add('no_kid', 'missing_kid', '', withHeader({ alg: 'RS256', typ: 'JWT' }));
await add('no_kid_and_one_key', 'missing_kid', 'also when there is no choice', withHeader({ alg: 'RS256', typ: 'JWT' }), { keys: 'single' });
await add('empty_kid', 'missing_kid', '', withHeader({ ...goodHeader, kid: '' }));
await add('kid_a_number', 'missing_kid', '', withHeader({ ...goodHeader, kid: 1 }));
await add('kid_null', 'missing_kid', '', withHeader({ ...goodHeader, kid: null }), { keys: 'single' });
await add('unknown_kid', 'unknown_kid', 'well signed by a key that is not in the set', byJose(uiCall(), { ...goodHeader, kid: 'stranger' }, 'stranger'));
await add('kid_in_capitals', 'unknown_kid', 'kids are compared exactly', withHeader({ ...goodHeader, kid: 'MAIN' }));
await add('kid_a_path', 'unknown_kid', 'a kid is a name, never a place', withHeader({ ...goodHeader, kid: '../../main' }));
await add('weak_key', 'unknown_kid', '1024 bits: the key counts as absent', raw({ ...goodHeader, kid: 'weak' }, uiCall(), 'weak'), { keys: 'with_others' });
await add('key_for_encryption', 'unknown_kid', 'use is "enc"', raw({ ...goodHeader, kid: 'for-encryption' }, uiCall(), 'second'), { keys: 'with_others' });
await add('kid_of_an_elliptic_key', 'unknown_kid', '', withHeader({ ...goodHeader, kid: 'elliptic' }), { keys: 'with_others' });
await add('duplicate_kid', 'jwks_invalid', 'a set in which a kid names two keys is not used at all', changed(() => {}), { keys: 'duplicate_kid' });

// ---- isolated cloud ----
await add('isolated_cloud', 'isolated_cloud', 'its keys come from elsewhere', changed((p) => { p.icLabel = 'acme-1'; }));
await add('isolated_cloud_other_key', 'isolated_cloud', 'said before a reload for the unknown kid', byJose({ ...uiCall(), icLabel: 'acme-1' }, { ...goodHeader, kid: 'stranger' }, 'stranger'));
await add('isolated_cloud_null', 'isolated_cloud', 'present is present', changed((p) => { p.icLabel = null; }));
await add('isolated_cloud_empty', 'isolated_cloud', '', changed((p) => { p.icLabel = ''; }));

// ---- signature ----
await add('signed_by_a_stranger', 'bad_signature', 'under a good kid', byJose(uiCall(), goodHeader, 'stranger'));
await add('signed_by_the_other_key', 'bad_signature', 'kid and key must belong together', byJose(uiCall(), goodHeader, 'second'));
await add('own_key_in_header', 'bad_signature', 'a key in the header is never used', byJose(uiCall(), { ...goodHeader, jwk: publicJwk('stranger', 'main') }, 'stranger'));
await add('own_key_address_in_header', 'bad_signature', '', byJose(uiCall(), { ...goodHeader, jku: 'https://evil.example/jwks.json' }, 'stranger'));
await add('own_certificate_in_header', 'bad_signature', '', byJose(uiCall(), { ...goodHeader, x5c: ['AAAA'] }, 'stranger'));
await add('payload_exchanged', 'bad_signature', '', `${headerPart}.${encode(JSON.stringify({ ...uiCall(), principal: 'somebody-else' }))}.${signaturePart}`);
await add('header_exchanged', 'bad_signature', '', `${encode(JSON.stringify({ ...goodHeader, x: 1 }))}.${payloadPart}.${signaturePart}`);
await add('cut_by_two', 'bad_signature', 'a length base64url can have', good.slice(0, -2));
await add('signature_too_long', 'bad_signature', '', `${headerPart}.${payloadPart}.${encode(Buffer.concat([Buffer.from(signaturePart, 'base64url'), Buffer.alloc(1)]))}`);
await add('signature_of_zeros', 'bad_signature', '', `${headerPart}.${payloadPart}.${encode(Buffer.alloc(256))}`);
await add('signature_of_another_token', 'bad_signature', '', `${headerPart}.${payloadPart}.${(await changed((p) => { p.jti = 'x'; })).split('.')[2]}`);
await add('pss_signature_called_rs256', 'bad_signature', 'another padding; the salt is fixed so that the file stays the same', `${headerPart}.${payloadPart}.${signBytes('sha256', Buffer.from(`${headerPart}.${payloadPart}`), { key: privateKey.main, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 }).toString('base64url')}`);

// ---- issuer, audience, app ----
await add('wrong_issuer', 'wrong_issuer', '', changed((p) => { p.iss = 'forge/context-token'; }));
await add('issuer_with_space', 'wrong_issuer', '', changed((p) => { p.iss += ' '; }));
await add('no_issuer', 'claim_missing', '', changed((p) => { delete p.iss; }));
await add('issuer_a_list', 'claim_missing', 'a claim of another type counts as missing', changed((p) => { p.iss = [p.iss]; }));
await add('wrong_audience', 'wrong_audience', 'a token for another app', changed((p) => { p.aud = p.app.id = otherAppId; }));
await add('audience_cut', 'wrong_audience', 'no prefixes', changed((p) => { p.aud = appId.slice(0, -1); }));
await add('audience_list_of_two', 'wrong_audience', 'Forge makes tokens for one app', changed((p) => { p.aud = [appId, otherAppId]; }));
await add('audience_empty_list', 'wrong_audience', '', changed((p) => { p.aud = []; }));
await add('audience_a_number', 'wrong_audience', '', changed((p) => { p.aud = 7; }));
await add('no_audience', 'claim_missing', '', changed((p) => { delete p.aud; }));
await add('app_of_another_id', 'app_id_mismatch', 'both are allowed, but they differ', changed((p) => { p.app.id = otherAppId; }), { rules: { ...rules, app_ids: [appId, otherAppId] } });
await add('no_app', 'claim_missing', '', changed((p) => { delete p.app; }));
await add('app_a_string', 'claim_missing', '', changed((p) => { p.app = appId; }));
await add('no_app_id', 'claim_missing', '', changed((p) => { delete p.app.id; }));

// ---- times ----
await add('expired', 'expired', 'ended 31 s ago', changed((p) => { p.exp = now - 31; }));
await add('expired_at_the_edge', 'expired', 'ended exactly 30 s ago', changed((p) => { p.exp = now - 30; }));
await add('expired_long_ago', 'expired', 'the documented example', changed((p) => { p.iat = p.nbf = 1_700_175_149; p.exp = 1_700_175_174; }));
await add('expired_at_zero', 'expired', '', changed((p) => { p.exp = 0; }));
await add('not_yet_valid', 'not_yet_valid', 'begins in 31 s', changed((p) => { p.nbf = now + 31; }));
await add('no_expiry', 'claim_missing', '', changed((p) => { delete p.exp; }));
await add('no_beginning', 'claim_missing', '', changed((p) => { delete p.nbf; }));
await add('no_issue_time', 'claim_missing', '', changed((p) => { delete p.iat; }));
await add('expiry_with_fraction', 'non_integer_time', '', textual(`"exp":${now + 20}`, `"exp":${now + 20}.5`));
await add('expiry_with_zero_fraction', 'non_integer_time', 'written as a fraction', textual(`"exp":${now + 20}`, `"exp":${now + 20}.0`), { jose_differs: 'JavaScript has one kind of number: 1.0 is 1' });
await add('expiry_with_exponent', 'non_integer_time', 'written as a power of ten', textual(`"exp":${now + 20}`, '"exp":1.9e9'), { jose_differs: 'JavaScript has one kind of number: 1.9e9 is an integer' });
await add('expiry_a_string', 'non_integer_time', '', changed((p) => { p.exp = String(p.exp); }));
await add('expiry_null', 'non_integer_time', '', changed((p) => { p.exp = null; }));
await add('expiry_true', 'non_integer_time', '', changed((p) => { p.exp = true; }));
await add('expiry_in_milliseconds', 'non_integer_time', 'beyond the year 9999', changed((p) => { p.exp = p.exp * 1000; }));
await add('expiry_largest_int64', 'non_integer_time', 'would overflow', textual(`"exp":${now + 20}`, '"exp":9223372036854775807'));
await add('expiry_beyond_uint64', 'non_integer_time', '', textual(`"exp":${now + 20}`, '"exp":18446744073709551616'));
await add('expiry_1e308', 'non_integer_time', '', textual(`"exp":${now + 20}`, '"exp":1e308'));
await add('expiry_negative', 'non_integer_time', 'before 1970', changed((p) => { p.exp = -1; }));
await add('beginning_with_fraction', 'non_integer_time', '', textual(`"nbf":${now - 5}`, `"nbf":${now - 5}.5`));
await add('issue_time_a_string', 'non_integer_time', '', changed((p) => { p.iat = String(p.iat); }));

// ---- tenant ----
await add('installations_differ', 'installation_mismatch', '', changed((p) => { p.app.installation.id = otherInstallation; }));
await add('no_installation_id', 'claim_missing', '', changed((p) => { delete p.app.installationId; }));
await add('installation_id_empty', 'claim_missing', '', changed((p) => { p.app.installationId = p.app.installation.id = ''; }));
await add('no_installation', 'claim_missing', '', changed((p) => { delete p.app.installation; }));
await add('cloud_of_context_differs', 'cloud_mismatch', '', changed((p) => { p.context.cloudId = otherCloudId; }));
await add('cloud_of_installation_differs', 'cloud_mismatch', '', changed((p) => { p.app.installation.contexts[0].cloudId = otherCloudId; }));
await add('cloud_of_second_context_differs', 'cloud_mismatch', 'each entry is compared', changed((p) => { p.app.installation.contexts.push({ name: 'x', cloudId: otherCloudId }); }));
await add('cloud_of_api_differs', 'cloud_mismatch', '', changed((p) => { p.app.apiBaseUrl = `https://api.atlassian.com/ex/jira/${otherCloudId}`; }));
await add('cloud_of_context_a_number', 'cloud_mismatch', '', changed((p) => { p.context.cloudId = 7; }));
await add('contexts_no_list', 'claim_missing', '', changed((p) => { p.app.installation.contexts = { cloudId }; }));
await add('contexts_of_strings', 'claim_missing', '', changed((p) => { p.app.installation.contexts = [cloudId]; }));
await add('context_a_string', 'claim_missing', '', changed((p) => { p.context = 'none'; }));
await add('extension_a_list', 'claim_missing', '', changed((p) => { p.context.extension = []; }));
await add('issue_key_a_number', 'claim_missing', '', changed((p) => { p.context.extension.issue.key = 1; }));
await add('principal_a_number', 'claim_missing', '', changed((p) => { p.principal = 7; }));
await add('no_api_base_url', 'claim_missing', '', changed((p) => { delete p.app.apiBaseUrl; }));
for (const [name, url] of [
  ['trailing_slash', `${apiBaseUrl}/`],
  ['query', `${apiBaseUrl}?x=1`],
  ['fragment', `${apiBaseUrl}#x`],
  ['more_path', `${apiBaseUrl}/rest`],
  ['dot_segments', `https://api.atlassian.com/ex/jira/../jira/${cloudId}`],
  ['escaped_dots', `https://api.atlassian.com/ex/jira/%2e%2e/${cloudId}`],
  ['another_product', `https://api.atlassian.com/ex/confluence/${cloudId}`],
  ['no_cloud', 'https://api.atlassian.com/ex/jira/'],
  ['no_path', 'https://api.atlassian.com'],
  ['no_host', `https:///ex/jira/${cloudId}`],
  ['user_before_host', `https://api.atlassian.com@evil.example/ex/jira/${cloudId}`],
  ['backslash', `https://api.atlassian.com\\@evil.example/ex/jira/${cloudId}`],
  ['space', `https://api.atlassian.com /ex/jira/${cloudId}`],
  ['script', `javascript://x/ex/jira/${cloudId}`],
  ['no_scheme', `//api.atlassian.com/ex/jira/${cloudId}`],
]) await add(`api_base_url_${name}`, 'cloud_mismatch', 'not https://host/ex/jira/cloudId', changed((p) => { p.app.apiBaseUrl = url; }));

// ---- environment ----
await add('development', 'environment_not_allowed', 'only production is allowed here', changed((p) => { p.app.environment.type = 'DEVELOPMENT'; }));
await add('environment_in_small_letters', 'environment_not_allowed', '', changed((p) => { p.app.environment.type = 'production'; }));
await add('no_environment', 'claim_missing', '', changed((p) => { delete p.app.environment; }));
await add('environment_type_a_number', 'claim_missing', '', changed((p) => { p.app.environment.type = 1; }));

// ---- order of checks ----
await add('order_algorithm_before_kid', 'wrong_algorithm', 'two faults: the first step speaks', withHeader({ alg: 'PS256' }));
await add('order_signature_before_claims', 'bad_signature', 'nothing of an unsigned payload is judged', byJose({ iss: 'x' }, goodHeader, 'stranger'));
await add('order_issuer_before_audience', 'wrong_issuer', '', changed((p) => { p.iss = 'x'; p.aud = 'y'; }));
await add('order_audience_before_times', 'wrong_audience', '', changed((p) => { p.aud = 'y'; p.exp = 0; }));
await add('order_times_before_tenant', 'expired', '', changed((p) => { p.exp = 0; p.app.installation.id = otherInstallation; }));
await add('order_tenant_before_environment', 'installation_mismatch', '', changed((p) => { p.app.installation.id = otherInstallation; p.app.environment.type = 'STAGING'; }));

const names = new Set(vectors.map((v) => v.name));
if (names.size !== vectors.length) throw new Error('two vectors with one name');
const file = {
  about: 'Forge Invocation Tokens with the verdict Belay gives: "accept", or the reason of the refusal. Written by generate.mjs with TEST KEYS. ' +
    '"jose_differs" says why the second judge (judge.mjs) decides otherwise.',
  key_sets: keySets,
  vectors,
};
writeFileSync(new URL('fit.json', import.meta.url), JSON.stringify(file, null, 1) + '\n');
console.log(`${vectors.length} vectors, ${vectors.filter((v) => v.verdict === 'accept').length} accepted`);
