// Where more is said of an error than its own page says: by the longest beginning of its code.
const GUIDES = {
  SLUICE: ['troubleshooting', 'Troubleshooting'],
  SLUICE_CALL: ['calls', 'Calls'],
  SLUICE_CALL_RELAY: ['networks', 'Networks'],
  SLUICE_CHAIN_OVERFLOW: ['writing-nodes', 'Writing nodes'],
  SLUICE_CLI: ['cli', 'Command line'],
  SLUICE_CONTAINER: ['files', 'Files'],
  SLUICE_DEVICE: ['calls', 'Calls'],
  SLUICE_FFMPEG: ['files', 'Files'],
  SLUICE_FLEET: ['scale', 'Many machines'],
  SLUICE_GRAPH: ['concepts', 'Concepts'],
  SLUICE_HISTORY: ['voice', 'Conversations'],
  SLUICE_HOST: ['faults', 'Faults'],
  SLUICE_IMAGE: ['video', 'Video'],
  SLUICE_INSPECTOR: ['inspector', 'Inspector'],
  SLUICE_JOB: ['scale', 'Many machines'],
  SLUICE_JOIN: ['rooms', 'Rooms'],
  SLUICE_LINK: ['concepts', 'Concepts'],
  SLUICE_NODE: ['writing-nodes', 'Writing nodes'],
  SLUICE_PLUGIN: ['writing-nodes', 'Writing nodes'],
  SLUICE_RAW_VIDEO: ['video', 'Video'],
  SLUICE_REMOTE: ['remote-links', 'Links between machines'],
  SLUICE_ROOM: ['rooms', 'Rooms'],
  SLUICE_ROOM_MISSED: ['janus', 'Janus'],
  SLUICE_SCENARIO: ['scenarios', 'Scenarios'],
  SLUICE_SESSION: ['sessions', 'Sessions'],
  SLUICE_SYNC: ['video', 'Video'],
  SLUICE_VOICE: ['voice', 'Conversations'],
  SLUICE_WHIP: ['whip', 'WHIP and WHEP'],
  SLUICE_Y4M: ['video', 'Video'],
};

/** Page and title. */
export function guideOf(code) {
  const parts = code.split('_');
  for (let count = parts.length; count > 0; count--) {
    const guide = GUIDES[parts.slice(0, count).join('_')];
    if (guide !== undefined) return guide;
  }
  throw new Error(`no guide for ${code}`);
}
