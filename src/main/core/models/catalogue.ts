import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * What can be downloaded: `resources/catalogue.json`, made by scripts/make-catalogue.mjs from facts that were each found
 * in public code, most of them in several places. Nothing that stands there is made up.
 */
export interface Catalogue {
  readonly models: readonly CatalogueEntry[];
  /** Null where there is no such entry. */
  find(id: string): CatalogueEntry | null;
}

const entryFacts = {
  id: z.string().regex(/^[\w.-]+$/),
  /** As people call it. */
  name: z.string(),
  /** The file that is downloaded: a model, or an archive of all of its files. */
  file: z.string().regex(/^[\w.-]+$/),
  /** Of that file. */
  bytes: z.number().int().positive(),
  /**
   * The hashes that the file is known to have had: archives are replaced under the same address now and then. Empty where
   * only one source names one: then `checksums` is asked.
   */
  sha256: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** A list of hashes that the publisher keeps beside the file; null where there is none. */
  checksums: z.url({ protocol: /^https$/ }).nullable(),
  /** Where it lies, the nearest to a learner in China first. */
  urls: z.array(z.object({ host: z.string(), url: z.url({ protocol: /^https?$/ }) })).nonempty(),
  licence: z.string(),
  /** Whoever shows the model must name where it comes from. */
  creditRequired: z.boolean(),
};

const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('recogniser'),
    ...entryFacts,
    /** Whisper's own name for it, from `tiny` to `large-v3-turbo`. */
    size: z.string(),
    multilingual: z.boolean(),
    quantisation: z.string(),
  }),
  z.object({
    kind: z.literal('voice'),
    ...entryFacts,
    form: z.enum(['piper', 'kokoro', 'kitten']),
    /** Null where its speakers have different ones. */
    accent: z.enum(['US', 'GB']).nullable(),
    sampleRateHz: z.number().int().positive(),
    speakers: z.object({ count: z.number().int().positive(), names: z.array(z.string()).nullable() }),
  }),
]);

export type CatalogueEntry = z.infer<typeof entrySchema>;

const catalogueSchema = z.object({ version: z.literal(1), models: z.array(entrySchema) });

/** Reads the catalogue of a `resources` folder. Rejects where it is damaged: it comes with the app. */
export async function readCatalogue(resources: string): Promise<Catalogue> {
  const { models } = catalogueSchema.parse(JSON.parse(await readFile(join(resources, 'catalogue.json'), 'utf8')));
  return { models, find: (id) => models.find((entry) => entry.id === id) ?? null };
}
