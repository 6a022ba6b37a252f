/** How an archive is packed. */
export type ArchiveKind = 'bzip2' | 'gzip' | 'tar' | 'zip';

/** So much of a file's beginning tells of which kind it is, in bytes. */
export const archiveHeadBytes = 512;

/** What a file's beginning says; null where it is no archive. (What is packed in it may still be something else.) */
export function archiveKindOf(head: Uint8Array): ArchiveKind | null {
  const says = (text: string, at = 0) =>
    Array.from(text, (letter) => letter.charCodeAt(0)).every((code, index) => head[at + index] === code);
  if (says('BZh')) return 'bzip2';
  if (says('\x1f\x8b')) return 'gzip';
  if (says('PK\x03\x04')) return 'zip';
  // Tar has no mark at its beginning, but one in the head of its first entry.
  return says('ustar', 257) ? 'tar' : null;
}
