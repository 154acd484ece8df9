// Makes test-keys.json anew. Needed once: the vectors are only reproducible while the keys stay the same.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const rsa = (bits) => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ format: 'jwk' });
const elliptic = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const keys = {
  warning: 'TEST KEYS. Private halves are public here: never trust anything signed with them.',
  main: rsa(2048),
  second: rsa(2048),
  stranger: rsa(2048),
  weak: rsa(1024),
  elliptic: elliptic(),
};
writeFileSync(new URL('test-keys.json', import.meta.url), JSON.stringify(keys, null, 1) + '\n');
