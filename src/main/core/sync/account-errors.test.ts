import { describe, expect, it } from 'vitest';
import { AccountError, isTransient, toAccountError } from './account-errors.js';

describe('errors of the store', () => {
  it.each([
    [{ errno: 30001, message: 'E_SESSION' }, 'account/session-ended', false],
    [{ errno: 30003, message: 'E_LOGIN' }, 'account/wrong-login', false],
    [{ errno: 1213 }, 'account/unreachable', true],
    [{ errno: 1205 }, 'account/unreachable', true],
    [{ errno: 1047 }, 'account/unreachable', true],
    [{ errno: 2013 }, 'account/unreachable', true],
    [{ errno: 4031 }, 'account/unreachable', true],
    [{ code: 'ECONNRESET' }, 'account/unreachable', true],
    [{ code: 'PROTOCOL_CONNECTION_LOST' }, 'account/unreachable', true],
    [{ code: 'HANDSHAKE_SSL_ERROR', localAddress: undefined }, 'account/unreachable', true],
    [{ code: 'HANDSHAKE_SSL_ERROR' }, 'account/untrusted', false],
    [{ code: 'ECONNREFUSED' }, 'account/unreachable', false],
    [{ code: 'ENOTFOUND' }, 'account/host-unknown', false],
    [{ errno: 1045 }, 'account/refused', false],
    [{ errno: 1040 }, 'account/server-full', false],
    [{ errno: 1203 }, 'account/server-full', false],
    [{ errno: 1226 }, 'account/server-full', false],
    [{ errno: 1251 }, 'account/sign-in-method', false],
    [{ code: 'AUTH_SWITCH_PLUGIN_ERROR' }, 'account/sign-in-method', false],
    [{ errno: 3118 }, 'account/refused', false],
    [{ errno: 1290 }, 'account/read-only', false],
    [{ errno: 1064 }, 'account/store-failed', false],
    [new TypeError('a defect'), 'account/store-failed', false],
    [null, 'account/store-failed', false],
  ])('%o are %s', (error, code, transient) => {
    expect(toAccountError(error).code).toBe(code);
    expect(isTransient(error)).toBe(transient);
  });

  it('tell how long a throttle lasts', () => {
    expect(toAccountError({ errno: 30004, message: 'E_THROTTLED 128' }).retryAfterMs).toBe(128_000);
    expect(toAccountError({ errno: 30004, message: '?' }).retryAfterMs).toBe(900_000);
    expect(toAccountError({ errno: 30003, message: 'E_THROTTLED 128' }).retryAfterMs).toBeNull();
  });

  it('stay what they are, and take no words of the server along', () => {
    const ours = new AccountError('account/busy');
    expect(toAccountError(ours)).toBe(ours);
    expect(toAccountError({ errno: 1064, message: "near 'secret'" }).message).toBe('1064');
  });
});
