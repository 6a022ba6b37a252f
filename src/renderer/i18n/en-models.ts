import type { Messages } from './messages.js';

/** The models that hear and speak, in English. */
export const enModels: Messages['models'] = {
  title: 'Models that hear and speak',
  lead: 'They run on this computer, and recordings stay here. Downloaded once, they work offline.',
  open: 'Models',
  better: 'Get real models',
  demoLead:
    'The demo models are in use: they understand a few dozen sentences. Download what suits this computer, and speak freely.',
  chip: (percent) => `Downloading models ${String(percent)}%`,
  forThisMachine: 'Recommended for this computer',
  downloadAll: (size) => `Download and use (${size})`,
  meanwhile: 'You can go on practising; they take over between two sentences.',
  recognisers: 'Speech recognition',
  voices: 'Voices',
  others: (count) => `${String(count)} others`,
  inUse: 'In use',
  recommended: 'Recommended',
  demo: 'Demo',
  bundled: 'Came with the app',
  demoHears: 'A few dozen sentences only',
  bothLanguages: 'Chinese and English',
  englishOnly: 'English only',
  accents: { US: 'American English', GB: 'British English' },
  speakers: (count) => `${String(count)} speakers`,
  speaker: 'Speaker',
  speakerName: (name) => {
    const [, accent, sex, rest] = /^([ab])([fm])_(.+)$/.exec(name) ?? [];
    if (rest === undefined) return name;
    return `${rest} (${accent === 'a' ? 'American' : 'British'}, ${sex === 'f' ? 'female' : 'male'})`;
  },
  download: 'Download',
  goOn: 'Continue',
  pause: 'Pause',
  use: 'Use',
  verify: 'Check files',
  remove: 'Remove',
  waiting: 'Waiting for its turn',
  unpacking: 'Unpacking and checking, which may take a minute or two',
  pausedAt: (part) => `Paused: ${part}`,
  stoppedAt: (part) => `Stopped: ${part}`,
  progress: (part, speed, left) => `${part} · ${speed} · ${left}`,
  seconds: (count) => `${String(count)} s left`,
  minutes: (count) => `${String(count)} min left`,
  downloading: (name) => `Download of ${name}`,
  ready: (name) => `${name} is installed and in use from now on.`,
  otherWays: 'Import, network and place',
  import: 'Import from this computer',
  importHint:
    'The full path of a file, an archive or a folder: ggml-….bin, a sherpa-onnx voice, or Piper’s .onnx with its .onnx.json beside it.',
  importNow: 'Import',
  importing: 'Importing…',
  mirrors: 'Mirrors (one in each line, tried first)',
  mirrorsHint: 'A school’s folder, or an address: http://school.example/models/{file}, https://mirror.example/{url}.',
  proxy: 'Proxy for downloads and chat',
  proxyHint:
    'For example 127.0.0.1:7890, or http://name:password@proxy.school.example:8080. Empty: the system’s proxy. The password is kept in the key ring and not shown.',
  save: 'Save',
  move: 'Move to another folder',
  moveNow: 'Move',
  moving: (moved, total) => `Moving: ${moved} / ${total}`,
  folder: (path) => `Models are kept in: ${path}`,
};
