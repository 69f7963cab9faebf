/** Codes of errors that are raised by nodes. Each has a row in docs/errors.md and a test that raises it. */
export const nodesErrorCodes = [] as const;
export type NodesErrorCode = (typeof nodesErrorCodes)[number];
