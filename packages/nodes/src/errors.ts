/** Codes of errors that are raised by nodes. Each has a row in docs/errors.md and a test that raises it. */
export const nodesErrorCodes = [
  'SLUICE_WAV_NOT_WAV',
  'SLUICE_WAV_TRUNCATED',
  'SLUICE_WAV_FORMAT',
  'SLUICE_WAV_CODEC',
  'SLUICE_WAV_HEADER_TOO_LARGE',
  'SLUICE_FILE_READ',
  'SLUICE_FILE_WRITE',
  'SLUICE_STREAM_READ',
  'SLUICE_STREAM_WRITE',
  'SLUICE_STREAM_CLOSED',
  'SLUICE_PCM_PARTIAL',
  'SLUICE_FRAMES_LIMIT',
  'SLUICE_REMIX_CHANNELS',
  'SLUICE_LOOP_SOURCE',
  'SLUICE_SUBSCRIBED_TWICE',
] as const;
export type NodesErrorCode = (typeof nodesErrorCodes)[number];
