/** Codes of errors that are raised by transport. Each has a row in docs/errors.md and a test that raises it. */
export const transportErrorCodes = [
  'SLUICE_ROOM_PROTOCOL',
  'SLUICE_ROOM_VERSION',
  'SLUICE_ROOM_INSECURE',
  'SLUICE_ROOM_LISTEN',
  'SLUICE_ROOM_URL',
  'SLUICE_ROOM_TOKEN',
  'SLUICE_ROOM_FULL',
  'SLUICE_ROOM_LOST',
  'SLUICE_ROOM_DRIVER',
  'SLUICE_JOIN_UNREACHABLE',
  'SLUICE_JOIN_REFUSED',
  'SLUICE_JOIN_TIMEOUT',
  'SLUICE_CALL_STATE',
  'SLUICE_CALL_RELEASED',
  'SLUICE_CALL_TIMEOUT',
  'SLUICE_CALL_VIDEO',
  'SLUICE_CALL_TRACK',
  'SLUICE_CALL_HANDLER',
] as const;
export type TransportErrorCode = (typeof transportErrorCodes)[number];
