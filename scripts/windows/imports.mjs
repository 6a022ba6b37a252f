// What every shipped Windows library imports: only Windows' own libraries, and what lies beside it or BotChat.exe.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Of Windows 10 itself; the C runtime's `api-ms-win-crt-…` belongs to it since then. */
const ofWindows =
  /^(?:kernel32|ntdll|user32|gdi32|advapi32|ole32|oleaut32|shell32|shlwapi|ws2_32|iphlpapi|crypt32|secur32|bcrypt|bcryptprimitives|dbghelp|psapi|winmm|setupapi|version|dxgi|d3d12|directml|userenv|powrprof|msvcrt|ucrtbase|api-ms-win-[a-z0-9-]+)\.dll$/i;
/** The program that loads them: node.exe by name, whatever it is called (native/whisper/src/win-delay-load.cc). */
const host = /^node\.exe$/i;
/** Microsoft's C++ runtime, which a fresh Windows lacks: `npm run dist` ships it beside BotChat.exe. */
export const shippedRuntime = ['msvcp140.dll', 'vcruntime140.dll', 'vcruntime140_1.dll'];

/** Where the shipped natives of Windows lie in a project. */
const shipped = [
  'node_modules/better-sqlite3/prebuilds/win32-x64.node',
  'node_modules/@napi-rs/keyring-win32-x64-msvc',
  'node_modules/sherpa-onnx-win-x64',
  'native/whisper/build/botchat_whisper.node',
];

/** A sentence for each import of a shipped library that a fresh Windows cannot satisfy, and for each library missing. */
export function importProblems(project) {
  return shipped.flatMap((path) => {
    const files = librariesAt(join(project, path));
    if (files.length === 0) return [`${path} is missing`];
    return files.flatMap((file) =>
      importsOf(readFileSync(file))
        .filter((name) => !isThere(name, dirname(file)))
        .map((name) => `${basename(file)} imports ${name}, which nobody ships`),
    );
  });
}

function isThere(name, folder) {
  if (ofWindows.test(name) || host.test(name) || shippedRuntime.includes(name.toLowerCase())) return true;
  return readdirSync(folder).some((other) => other.toLowerCase() === name.toLowerCase());
}

function librariesAt(path) {
  if (/\.(?:node|dll)$/.test(path)) return existsSync(path) ? [path] : [];
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => /\.(?:node|dll)$/.test(name))
    .map((name) => join(path, name));
}

/**
 * The libraries that a Windows library for x64 imports, at its start or late, by name.
 * Source: Microsoft, PE format: the optional header's data directories 1 (imports) and 13 (delayed imports).
 */
export function importsOf(file) {
  const header = file.readUInt32LE(0x3c);
  if (file.toString('latin1', header, header + 4) !== 'PE\0\0') throw new Error('not a Windows library');
  const sectionCount = file.readUInt16LE(header + 6);
  const optional = header + 24;
  if (file.readUInt16LE(optional) !== 0x20b) throw new Error('not for 64 bits');
  const sections = Array.from({ length: sectionCount }, (_, index) => {
    const at = optional + file.readUInt16LE(header + 20) + 40 * index;
    return {
      address: file.readUInt32LE(at + 12),
      size: file.readUInt32LE(at + 16),
      offset: file.readUInt32LE(at + 20),
    };
  });
  /** Where something lies in the file that lies at this address in memory. */
  const place = (address) => {
    const section = sections.find((each) => address >= each.address && address < each.address + each.size);
    return section ? section.offset + address - section.address : null;
  };
  const named = (directory, entryBytes, nameAt) => {
    const names = [];
    const table = place(file.readUInt32LE(optional + 112 + 8 * directory));
    if (table === null) return names;
    for (let at = table; ; at += entryBytes) {
      const name = place(file.readUInt32LE(at + nameAt));
      if (name === null) return names;
      names.push(file.toString('latin1', name, file.indexOf(0, name)));
    }
  };
  return [...named(1, 20, 12), ...named(13, 32, 4)];
}
