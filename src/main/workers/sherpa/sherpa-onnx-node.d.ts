/** The part of sherpa-onnx-node's interface that is used here; the package has no types of its own. */
declare module 'sherpa-onnx-node' {
  export interface OfflineTtsConfig {
    readonly model: {
      readonly vits: { readonly model: string; readonly tokens: string; readonly lexicon: string };
      readonly numThreads: number;
      readonly provider: 'cpu';
      readonly debug: boolean;
    };
    readonly maxNumSentences: number;
  }

  export class OfflineTts {
    static createAsync(config: OfflineTtsConfig): Promise<OfflineTts>;
    readonly sampleRate: number;
    generateAsync(request: {
      readonly text: string;
      readonly sid: number;
      readonly speed: number;
      /** Electron forbids buffers that point outside of V8's memory. */
      readonly enableExternalBuffer: boolean;
      /** Called between sentences; answering 0 stops the synthesis. */
      readonly onProgress?: () => number;
    }): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }>;
  }
}
