import type { ErrorCode } from '../../../shared/errors.js';

/** What can go wrong with the account store and with one change among many: the codes of `shared/errors.ts`. */
export type AccountErrorCode = Extract<ErrorCode, `account/${string}` | `sync/${string}`>;

/** A failure of the account store. The message holds no secret: at most the database's own number. */
export class AccountError extends Error {
  override readonly name = 'AccountError';

  constructor(
    readonly code: AccountErrorCode,
    detail?: string,
    /** When a throttled call may be tried again, ms from now. */
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions,
  ) {
    super(detail ?? code, options);
  }
}

/** Errors of the store's own routines: `SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = …` in resources/account-store. */
const routineErrors: Readonly<Record<number, AccountErrorCode>> = {
  30001: 'account/session-ended',
  30002: 'account/bad-input',
  30003: 'account/wrong-login',
  30004: 'account/throttled',
  30005: 'account/name-taken',
  30006: 'account/bad-name',
  30007: 'account/bad-invitation',
  30008: 'account/registrations-paused',
  30009: 'sync/batch-too-large',
  30010: 'account/not-a-store',
  30011: 'account/busy', // too much was written for this account within an hour
};

/** Errors of MySQL and MariaDB (mysql.com "Server Error Message Reference"). */
const serverErrors: Readonly<Record<number, AccountErrorCode>> = {
  1040: 'account/server-full', // too many connections
  1044: 'account/not-a-store', // no access to the schema
  1045: 'account/refused', // wrong client password
  1049: 'account/not-a-store', // no such schema
  1129: 'account/busy', // the host was blocked after many broken connections
  1130: 'account/refused', // the host is not allowed to connect
  1142: 'account/not-a-store',
  1203: 'account/server-full', // max_user_connections
  1226: 'account/server-full', // MAX_USER_CONNECTIONS of the account
  1251: 'account/sign-in-method', // the client knows no such authentication
  1290: 'account/read-only', // --read-only
  1305: 'account/not-a-store', // no such routine
  1370: 'account/not-a-store', // no right to the routine
  1461: 'account/busy', // prepared statements used up
  1524: 'account/sign-in-method', // a plug-in is not loaded
  1698: 'account/refused', // MariaDB: 1045 by a plug-in
  1792: 'account/read-only', // read-only transaction
  1836: 'account/read-only', // InnoDB is read-only
  1820: 'account/refused', // the password has expired
  1862: 'account/refused', // the password has expired
  3118: 'account/refused', // the account is locked
  3159: 'account/no-tls', // require_secure_transport
};

/** What node and mysql2 call a lost or refused connection. */
const networkErrors: Readonly<Record<string, AccountErrorCode>> = {
  ENOTFOUND: 'account/host-unknown',
  EAI_AGAIN: 'account/host-unknown',
  EAI_NODATA: 'account/host-unknown',
  ECONNREFUSED: 'account/unreachable',
  ECONNRESET: 'account/unreachable',
  ECONNABORTED: 'account/unreachable',
  EHOSTUNREACH: 'account/unreachable',
  ENETUNREACH: 'account/unreachable',
  ENETDOWN: 'account/unreachable',
  ETIMEDOUT: 'account/unreachable',
  EPIPE: 'account/unreachable',
  PROTOCOL_CONNECTION_LOST: 'account/unreachable',
  PROTOCOL_SEQUENCE_TIMEOUT: 'account/unreachable',
  AUTH_SWITCH_PLUGIN_ERROR: 'account/sign-in-method',
  HANDSHAKE_NO_SSL_SUPPORT: 'account/no-tls',
  HANDSHAKE_SSL_ERROR: 'account/untrusted',
};

/** Why Node refused a certificate (`X509_V_ERR_…` in the Node documentation of `tls`). */
const certificateErrors: Readonly<Record<string, AccountErrorCode>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'account/wrong-host',
  CERT_HAS_EXPIRED: 'account/certificate-expired',
  CERT_NOT_YET_VALID: 'account/certificate-expired',
};

/**
 * Conflicts and interruptions after which the whole call is sent again: deadlock (as Galera and group replication report
 * a conflict, at COMMIT), lock wait, Galera node not ready, lost connection, idle kill, server going down, statement or
 * connection killed. Every routine can stand being called twice.
 */
const transientServerErrors: ReadonlySet<number> = new Set([1213, 1205, 1047, 2013, 4031, 1053, 1317, 1927]);
const transientNetworkErrors: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
]);

interface DriverError {
  readonly errno?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

function driverError(error: unknown): { errno: number; code: string; message: string } {
  const given: object = typeof error === 'object' && error !== null ? error : {};
  const { errno, code, message } = given as DriverError;
  // mysql2 has one code for whatever ends a TLS handshake. A lost connection carries where it led to, or the system
  // call that failed; a refused certificate does not.
  const wasLost = code === 'HANDSHAKE_SSL_ERROR' && ('localAddress' in given || 'syscall' in given);
  return {
    errno: typeof errno === 'number' ? errno : 0,
    code: wasLost ? 'ECONNRESET' : typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}

export function isTransient(error: unknown): boolean {
  const { errno, code } = driverError(error);
  return transientServerErrors.has(errno) || transientNetworkErrors.has(code);
}

/** Why a certificate was refused; `account/untrusted` for any reason that has no words of its own. */
export function certificateError(error: unknown): AccountErrorCode {
  return certificateErrors[driverError(error).code] ?? 'account/untrusted';
}

/** What the driver threw, as one of ours. Numbers decide; a message is read only where it is our own routine's. */
export function toAccountError(error: unknown): AccountError {
  if (error instanceof AccountError) return error;
  const { errno, code, message } = driverError(error);
  const detail = [errno > 0 ? String(errno) : '', code].filter(Boolean).join(' ');
  const waitSeconds = errno === 30004 ? Number(/^E_THROTTLED (\d{1,4})$/.exec(message)?.[1] ?? 900) : null;
  const ours =
    routineErrors[errno] ??
    serverErrors[errno] ??
    networkErrors[code] ??
    (transientServerErrors.has(errno) ? 'account/unreachable' : 'account/store-failed');
  return new AccountError(ours, detail, waitSeconds === null ? null : waitSeconds * 1000, { cause: error });
}
