import { z } from 'zod';
import { rungs } from '../../../shared/contract/turn.js';
import { sceneIds } from '../../../shared/contract/topic.js';
import { errorCodes } from '../../../shared/errors.js';

/** What JavaScript has a date for, Unix time in ms. */
const time = z.int().min(-8.64e15).max(8.64e15);
/** In characters: more than anybody says, and less than fills a disk. */
const text = z.string().max(500_000);

/**
 * The columns that follow the learner to every machine, with the values this app takes. Which sound files a machine
 * has is its own affair: on another, the voice says the words again.
 */
export const syncedColumns = {
  topic: {
    theme: text,
    scene_id: z.enum(sceneIds).nullable(),
    context: text,
    created_time: time,
    used_time: time,
  },
  conversation: {
    topic_id: z.uuid(),
    created_time: time,
    prompt: text.nullable(),
    prompt_language: z.enum(['en', 'zh', 'mixed']).nullable(),
    bridge: text.nullable(),
    bridge_state: z.enum(['pending', 'ready', 'unknown', 'failed']).nullable(),
    bridge_error: z.enum(errorCodes).nullable(),
    response: text.nullable(),
    partial_response: text.nullable(),
    response_state: z.enum(['pending', 'complete', 'interrupted', 'failed']),
    response_error: z.enum(errorCodes).nullable(),
    heard_characters: z.int().min(0).max(500_000).nullable(),
    scripted: z.literal([0, 1]),
    rung: z.enum(rungs),
    help_rung: z.enum(rungs),
  },
} as const;

export type SyncedKind = keyof typeof syncedColumns;

export function isSyncedKind(kind: string): kind is SyncedKind {
  return Object.hasOwn(syncedColumns, kind);
}

export function isSynced(kind: SyncedKind, column: string): boolean {
  return Object.hasOwn(syncedColumns[kind], column);
}

/** Whether this app can take a value for a column; a newer one may send what it cannot. */
export function takesValue(kind: SyncedKind, column: string, value: unknown): boolean {
  const schemas: Readonly<Record<string, z.ZodType>> = syncedColumns[kind];
  return schemas[column]?.safeParse(value).success === true;
}
