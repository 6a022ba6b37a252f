import { z } from 'zod';
import type { ErrorView } from '../errors.js';
import { request } from './define.js';

/** How far a model's download is. */
export interface DownloadView {
  /** 'paused' and 'failed' are gone on with when they are asked for again. */
  readonly state: 'waiting' | 'downloading' | 'unpacking' | 'paused' | 'failed';
  /** In bytes. */
  readonly received: number;
  readonly total: number;
  /** Null where that cannot be told. */
  readonly bytesPerSecond: number | null;
  /** Whoever sends it. */
  readonly host: string | null;
  readonly error: ErrorView | null;
}

/** A model that is here, or that can be had. */
export interface ModelView {
  readonly id: string;
  readonly kind: 'recogniser' | 'voice';
  readonly name: string;
  /** What the download takes, or what the model takes on the disk, in bytes. */
  readonly bytes: number;
  readonly state: 'absent' | 'installed';
  /** It is one of the small built-in ones that know little. */
  readonly demo: boolean;
  /** It came with the app, and is not removed. */
  readonly bundled: boolean;
  /** It is the one that is wanted. (The engine's view tells what really runs.) */
  readonly chosen: boolean;
  /** It suits this machine. */
  readonly recommended: boolean;
  /** For a recogniser: whether it hears Chinese, too. */
  readonly multilingual: boolean;
  /** For a voice. */
  readonly accent: 'US' | 'GB' | null;
  /** The names of a voice's speakers, in their order; by number where they have none. */
  readonly speakers: readonly string[];
  /** Null for what was taken in from elsewhere. */
  readonly licence: string | null;
  readonly download: DownloadView | null;
  /** Why it cannot be used, or was set aside. */
  readonly error: ErrorView | null;
}

export interface ModelsView {
  readonly models: readonly ModelView[];
  /** Of the voice that is chosen, from 0. */
  readonly speaker: number;
  readonly folder: string;
  /** The folder that was chosen cannot be used, and `folder` is another one: why. */
  readonly folderError: ErrorView | null;
  /** The models are on their way to another folder: bytes that are there, and all. */
  readonly moving: { readonly moved: number; readonly total: number } | null;
  readonly mirrors: readonly string[];
  /** The proxy that was set, without its password; null where the system's is used. */
  readonly proxy: string | null;
}

/** Whether a download is on its way: neither paused nor failed. */
export const isGoing = ({ state }: DownloadView): boolean =>
  state === 'waiting' || state === 'downloading' || state === 'unpacking';

/** How far all downloads are together, 0..100; null where none is on its way. */
export function downloadPercent(view: ModelsView | null): number | null {
  const going = (view?.models ?? []).flatMap(({ download }) => (download && isGoing(download) ? [download] : []));
  const total = going.reduce((sum, each) => sum + each.total, 0);
  if (total === 0) return null;
  return Math.floor((100 * going.reduce((sum, each) => sum + each.received, 0)) / total);
}

const idSchema = z.string().min(1).max(200);
const named = z.strictObject({ id: idSchema });

export const longestPath = 4000;
export const mostMirrors = 10;

export const modelsRequests = {
  'models.list': request<ModelsView>()(z.strictObject({})),
  /** Begins a download, or goes on with it; once it is installed it is used. Answers at once. */
  'models.install': request<null>()(named),
  /** Stops a download; what came is kept. */
  'models.pause': request<null>()(named),
  /** Stops a download, and throws away what came. */
  'models.cancel': request<null>()(named),
  'models.remove': request<null>()(named),
  /** Reads all of its files again. Fails with `models/damaged` where one has changed. */
  'models.verify': request<null>()(named),
  /** Has the engine go over to it, as soon as nobody speaks and nothing is said. */
  'models.use': request<null>()(named),
  'models.setSpeaker': request<null>()(z.strictObject({ speaker: z.number().int().min(0).max(10_000) })),
  /** Takes in a copy of a file, an archive or a folder on this machine. Answers its id. */
  'models.import': request<string>()(z.strictObject({ path: z.string().trim().min(1).max(longestPath) })),
  /**
   * Has all models in another folder, on another disk for instance, and uses them there. Answers when that is done; what
   * was being downloaded is paused. A path that is not absolute is `models/unwritable`.
   */
  'models.move': request<null>()(z.strictObject({ folder: z.string().trim().min(1).max(longestPath) })),
  /** Further places for the catalogue's files; those that are none are refused with `models/bad-mirror`. */
  'models.setMirrors': request<null>()(
    z.strictObject({ mirrors: z.array(z.string().trim().min(1).max(longestPath)).max(mostMirrors) }),
  ),
  /**
   * Downloads and the chat go through this HTTP proxy from now on; null for the system's. Its password goes to the key
   * ring. What is none is refused with `models/bad-proxy`.
   */
  'models.setProxy': request<null>()(z.strictObject({ proxy: z.string().trim().min(1).max(longestPath).nullable() })),
};

export interface ModelsEvents {
  'models.changed': ModelsView;
}
