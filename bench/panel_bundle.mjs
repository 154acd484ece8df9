// What a browser loads before the panel's first state is on screen: gzip -9 of every file, added up. There is no peer to it.
import { firstLoad } from '../web/size.mjs';

export async function measure() {
  const bytes = firstLoad('panel').reduce((sum, file) => sum + file.bytes, 0);
  return { ours: bytes / 1000, peer: null, unit: 'KB', limit: '230 KB', reached: bytes <= 230_000 };
}
