import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StoreAddress } from '../sync/connection-string.js';

/** Where an account's data lies under `profiles/`: no store can name another's folder, or one outside. */
export const profileNamePattern = /^(?:[0-9a-f]{16}-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What tells one store from another: the way to it, which its certificate vouches for. Nothing that it says itself. */
export function storeIdentity({ host, port, schema }: StoreAddress): string {
  return createHash('sha256')
    .update(`${host.toLowerCase()}:${String(port)}/${schema}`)
    .digest('hex')
    .slice(0, 16);
}

/** The profile of an account of a store. Null for what is no account's id. */
export function profileNameOf(address: StoreAddress, accountId: string): string | null {
  return z.uuid().safeParse(accountId).success ? `${storeIdentity(address)}-${accountId.toLowerCase()}` : null;
}
