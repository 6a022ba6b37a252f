import { createRequire } from 'node:module';
import { AppError, type ErrorCode } from '../../../shared/errors.js';

/**
 * sherpa-onnx. Not an import: a loader that fails should be an error with a code, not the end of the worker.
 * Throws `notInstalled`.
 */
export function loadSherpa(notInstalled: ErrorCode): typeof import('sherpa-onnx-node') {
  try {
    return createRequire(import.meta.url)('sherpa-onnx-node') as typeof import('sherpa-onnx-node');
  } catch (error) {
    throw new AppError(notInstalled, String(error), { cause: error });
  }
}
