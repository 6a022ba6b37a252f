import { crc32, gzipSync } from 'node:zlib';
import tar from 'tar-stream';

/** An entry of an archive; without `content` it is a folder. */
export interface Packed {
  readonly name: string;
  readonly content?: Buffer | string;
  readonly type?: 'symlink' | 'link' | 'fifo' | 'character-device';
  readonly linkname?: string;
}

export async function tarGz(entries: readonly Packed[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { name, content, type, linkname } of entries) {
    const header = {
      name,
      type: type ?? (content === undefined ? 'directory' : 'file'),
      ...(linkname ? { linkname } : {}),
    };
    if (content === undefined) pack.entry(header as tar.Header);
    else pack.entry(header as tar.Header, content);
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

/** A zip of entries that are not compressed; `unixMode` is kept beside each, `size` is what it says of itself. */
export function zip(entries: readonly (Packed & { readonly unixMode?: number; readonly size?: number })[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', unixMode = 0, size } of entries) {
    const [title, bytes] = [Buffer.from(name), Buffer.from(content)];
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(size ?? bytes.length, 18);
    fields.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, title, bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((unixMode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 3]), fields, rest, title]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
