import { requests, type Handlers, type Route } from '../../shared/contract/contract.js';
import { AppError, type Result } from '../../shared/errors.js';
import { profileError } from './data/database.js';
import type { Log } from './ports.js';

export interface Router {
  /** Answers one request: looks the route up, checks the input, calls the handler. Never throws. */
  dispatch(route: unknown, input: unknown): Promise<Result<unknown>>;
}

/** The one door into the core, whatever carried the request here. */
export function createRouter(handlers: Handlers<Route>, log: Log): Router {
  return {
    async dispatch(route, input) {
      if (!isRoute(route)) return failure('app/bad-request', 'unknown route');
      try {
        const parsed = requests[route].input.safeParse(input);
        if (!parsed.success) return failure('app/bad-request', `${route}: ${issuePaths(parsed.error.issues)}`);
        // The handler and the parsed input belong to the same route; TypeScript cannot follow that through the union.
        const handle = handlers[route] as (value: unknown) => unknown;
        return { ok: true, value: await handle(parsed.data) };
      } catch (thrown) {
        // Wherever it was met: a full disk is a full disk, and no defect.
        const error = profileError(thrown);
        if (error instanceof AppError) {
          log.warn('request failed', { route, code: error.code, detail: error.message });
          return failure(error.code, error.message);
        }
        log.error('handler threw', { route, error });
        return failure('app/internal', route);
      }
    },
  };
}

function isRoute(route: unknown): route is Route {
  return typeof route === 'string' && Object.hasOwn(requests, route);
}

function failure(code: AppError['code'], detail: string): Result<never> {
  return { ok: false, error: { code, detail } };
}

/** Where the input was wrong, never what it held: inputs may be secrets or recordings. */
function issuePaths(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code?: string | undefined }[],
): string {
  return issues
    .map((issue) => `${issue.path.map(String).join('.') || 'input'} (${issue.code ?? 'invalid'})`)
    .join(', ');
}
