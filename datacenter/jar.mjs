// A jar whose bytes say nothing of who made it, where and when: files in the order of their names, one time for all of them, nothing compressed (so that no
// release of a library changes a byte). Format: PKWARE's APPNOTE 6.3.9, 4.3.7 to 4.3.16. A jar begins with META-INF/, as capital letters do among names.
const kDate = 2 << 5 | 1;   // 1 February 1980, the first year of the format: a day that no time zone carries out of it
const kStored = 0;
const kVersionNeeded = 10;
const kMadeOnUnix = 3 << 8 | 20;
const kNamesAreUtf8 = 1 << 11;
const kReadableFile = 0o100644;

const kTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let rest = index;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});
export const crc32 = (bytes) => (bytes.reduce((sum, byte) => kTable[(sum ^ byte) & 0xff] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

/** Numbers of the given sizes (2 or 4 bytes), the smallest byte first. */
function numbers(...pairs) {
  const bytes = Buffer.alloc(pairs.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of pairs) at = bytes.writeUIntLE(value, at, size);
  return bytes;
}

/** `files`: {name: Buffer}. */
export function jarOf(files) {
  const names = Object.keys(files).sort();
  const local = [];
  const central = [];
  let offset = 0;
  for (const name of names) {
    const bytes = files[name];
    const encoded = Buffer.from(name);
    const shared = [[2, kVersionNeeded], [2, kNamesAreUtf8], [2, kStored], [2, 0], [2, kDate], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, encoded.length], [2, 0]];
    const entry = Buffer.concat([numbers([4, 0x04034b50], ...shared), encoded, bytes]);
    central.push(numbers([4, 0x02014b50], [2, kMadeOnUnix], ...shared, [2, 0], [2, 0], [2, 0], [4, kReadableFile * 0x10000], [4, offset]), encoded);
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, names.length], [2, names.length], [4, directory.length], [4, offset], [2, 0]);
  return Buffer.concat([...local, directory, end]);
}
