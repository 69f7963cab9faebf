// The codes of the inspector's faults, and nothing else.

/** Codes of errors that are raised by the inspector. Each has a row in docs/errors.md and a test that raises it. */
export const inspectorErrorCodes = [
  'SLUICE_INSPECTOR_LISTEN',
  'SLUICE_INSPECTOR_REQUEST',
  'SLUICE_INSPECTOR_DENIED',
  'SLUICE_INSPECTOR_UNKNOWN',
  'SLUICE_INSPECTOR_RUN_FILE',
  'SLUICE_INSPECTOR_SNAPSHOT',
  'SLUICE_INSPECTOR_SESSION',
] as const;
/** Codes of the errors that this package raises; each has an entry in docs/errors.md. */
export type InspectorErrorCode = (typeof inspectorErrorCodes)[number];
