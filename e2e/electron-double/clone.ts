/** What crosses from one process to another is cloned. Kept here, for a test may break the host's own. */
export const clone = globalThis.structuredClone;
