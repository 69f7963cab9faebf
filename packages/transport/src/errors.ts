/** Codes of errors that are raised by transport. Each has a row in docs/errors.md and a test that raises it. */
export const transportErrorCodes = [] as const;
export type TransportErrorCode = (typeof transportErrorCodes)[number];
