import type { DownloadView, ModelsView, ModelView } from '../../../shared/contract/models.js';
import type { Messages } from '../../i18n/messages.js';

const MB = 1e6;
const GB = 1e9;

/** `190 MB`, `1.6 GB`: as shops and browsers count. */
export function sizeText(bytes: number): string {
  if (bytes >= GB) return `${(bytes / GB).toFixed(1)} GB`;
  return `${String(Math.max(bytes > 0 ? 1 : 0, Math.round(bytes / MB)))} MB`;
}

/** How far a download is, in words; null where there is none. */
export function downloadText(words: Messages['models'], download: DownloadView): string {
  const { state, received, total, bytesPerSecond } = download;
  const part = `${sizeText(received)} / ${sizeText(total)}`;
  if (state === 'waiting') return words.waiting;
  if (state === 'unpacking') return words.unpacking;
  if (state === 'paused') return words.pausedAt(part);
  if (state === 'failed') return words.stoppedAt(part);
  if (bytesPerSecond === null || bytesPerSecond < 1) return part;
  return words.progress(part, `${sizeText(bytesPerSecond)}/s`, secondsText(words, (total - received) / bytesPerSecond));
}

function secondsText(words: Messages['models'], seconds: number): string {
  return seconds < 90 ? words.seconds(Math.max(1, Math.round(seconds))) : words.minutes(Math.round(seconds / 60));
}

/** 0..100. */
export const percentOf = ({ received, total }: DownloadView): number =>
  total === 0 ? 0 : Math.floor((100 * received) / total);

/** What suits this machine and is not in use yet; empty where it is. */
export function wantedOf(view: ModelsView): readonly ModelView[] {
  return view.models.filter(({ recommended, chosen }) => recommended && !chosen);
}

/** Of one kind: what is here or on its way, what is recommended, and the rest. */
export function sortedModels(view: ModelsView, kind: ModelView['kind']) {
  const ofKind = view.models.filter((model) => model.kind === kind);
  const isNear = ({ state, download, recommended }: ModelView) =>
    state === 'installed' || download !== null || recommended;
  return { near: ofKind.filter(isNear), others: ofKind.filter((model) => !isNear(model)) };
}
