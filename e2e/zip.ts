/**
 * The files of a zip that stores without compression, as the lab writes it. Reads the central directory at the end, so
 * that sizes which were not known when a file began are right.
 */
export function unzip(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]), Math.max(0, centralStart(zip)));
  while (at >= 0 && zip.readUInt32LE(at) === 0x02014b50) {
    if (zip.readUInt16LE(at + 10) !== 0) throw new Error('the zip is compressed');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes);
    const extra = zip.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
    const { size, offset } = sizeAndOffset(zip, at, extra);
    const data = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    if (!name.endsWith('/')) files.set(name, zip.subarray(data, data + size));
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return files;
}

function centralStart(zip: Buffer): number {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const offset = end < 0 ? 0 : zip.readUInt32LE(end + 16);
  if (offset !== 0xffffffff) return offset;
  const end64 = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x06, 0x06]));
  return Number(zip.readBigUInt64LE(end64 + 48));
}

/** Zip64 keeps what does not fit into 32 bits in an extra field. */
function sizeAndOffset(zip: Buffer, at: number, extra: Buffer): { size: number; offset: number } {
  let size = zip.readUInt32LE(at + 24);
  let offset = zip.readUInt32LE(at + 42);
  const compressed = zip.readUInt32LE(at + 20);
  for (let i = 0; i + 4 <= extra.length; i += 4 + extra.readUInt16LE(i + 2)) {
    if (extra.readUInt16LE(i) !== 1) continue;
    let field = i + 4;
    const next = () => {
      field += 8;
      return Number(extra.readBigUInt64LE(field - 8));
    };
    if (size === 0xffffffff) size = next();
    if (compressed === 0xffffffff) next();
    if (offset === 0xffffffff) offset = next();
  }
  return { size, offset };
}
