// Makes resources/catalogue.json from a list of models with their facts and sources, each checked by hand:
//   node scripts/make-catalogue.mjs LIST.json
// Only what stands in the list is taken, and of that only what an app like this may offer: see `whyNot`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/node-runtime.mjs';

/** The release that sherpa-onnx's voices lie on lists the hashes of what it holds at the moment. */
const voiceRelease = 'https://github.com/k2-fsa/sherpa-onnx/releases/download/tts-models/';

const properNames = { libritts_r: 'LibriTTS', ljspeech: 'LJ Speech' };

const [list] = process.argv.slice(2);
if (list === undefined) throw new Error('which list?');
const facts = JSON.parse(readFileSync(list, 'utf8'));
const entries = [];
for (const each of facts) {
  const reason = whyNot(each);
  if (reason === null) entries.push(entryOf(each));
  else console.log(`left out: ${each.id}: ${reason}`);
}
writeFileSync(join(root, 'resources/catalogue.json'), `${JSON.stringify({ version: 1, models: entries }, null, 2)}\n`);
console.log(`${String(entries.length)} models`);

/** Why a model is not offered; null where it is. */
function whyNot({ id, kind, licence, agree }) {
  if (kind === 'vad') return 'comes with the app';
  if (kind === 'stt') return null;
  if (licence === null || /DISPUTED|research|unclear/.test(licence)) return `licence: ${licence ?? 'unknown'}`;
  if (!/^(piper|kokoro|kitten)/.test(id)) return 'needs a second model';
  if (/^kokoro-int8/.test(id)) return 'slower than the whole one on the processors it is for';
  if (/^kokoro-multi-lang-v1_1/.test(id)) return 'made for Mandarin';
  if (/^kitten-nano-en-v0_1/.test(id)) return 'there is a newer one';
  // One source is enough where the release's own list of hashes confirms it; a second size of the same is not worth it.
  if (agree < 2 && /fp16|high-int8|fp32/.test(id)) return 'one source only';
  return null;
}

function entryOf(each) {
  return each.kind === 'stt' ? recogniserOf(each) : voiceOf(each);
}

function common({ id, file, bytes, sha256, agree, licence, urls, previous }) {
  const hosts = ['modelscope', 'huggingface', 'github'];
  return {
    id,
    file,
    bytes,
    // What only one source says is not known: the release's list is asked.
    sha256: agree < 2 ? [] : [sha256, ...(previous ?? []).map((older) => older.sha256)],
    checksums: urls.github?.startsWith(voiceRelease) ? `${voiceRelease}checksum.txt` : null,
    urls: hosts.flatMap((host) =>
      [urls[host]]
        .flat()
        .filter((url) => URL.canParse(url) && !url.includes(' '))
        .map((url) => ({ host, url })),
    ),
    licence: licence.replace(/ - credit required.*/, '').replace(/; archive also carries.*/, ''),
    creditRequired: /credit required|CC BY/.test(licence),
  };
}

function recogniserOf(each) {
  const [, size, english, quantisation] = /^whisper-(.*?)(\.en)?(?:-(q\d_\d))?$/.exec(each.id);
  return {
    kind: 'recogniser',
    name: `Whisper ${size}${english ? ' (English)' : ''}${quantisation ? ` ${quantisation}` : ''}`,
    ...common(each),
    size,
    multilingual: !english,
    quantisation: quantisation ?? 'f16',
  };
}

function voiceOf(each) {
  const { count, names } = each.speakers;
  const facts = piperFacts(each.id) ?? otherFacts(each.id);
  return {
    kind: 'voice',
    ...facts,
    ...common(each),
    sampleRateHz: each.sampleRate,
    // Kokoro's and Kitten's tell accent and sex; Piper's many have none.
    speakers: { count, names },
  };
}

/** `northern_english` becomes `Northern English`. */
function capitalised(words) {
  return words.replace(/(^|_)([a-z])/g, (_, gap, letter) => (gap && ' ') + letter.toUpperCase());
}

function piperFacts(id) {
  const found = /^piper-en_(US|GB)-(.+)-(low|medium|high)(?:-(int8))?$/.exec(id);
  if (!found) return null;
  const [, accent, speaker, quality, quantisation = null] = found;
  return {
    form: 'piper',
    name: `Piper ${properNames[speaker] ?? capitalised(speaker)} ${quality}${quantisation ? ` ${quantisation}` : ''}`,
    accent,
  };
}

function otherFacts(id) {
  const [, form, version, quantisation] = /^(kokoro|kitten)-.*v(\d+_\d+)(?:-(\w+))?$/.exec(id);
  const name = `${capitalised(form)} ${version.replace('_', '.')}${quantisation ? ` ${quantisation}` : ''}`;
  return { form, name, accent: null };
}
