// Messages whose words and code do not stand in one call of the sources: one of each, as it was thrown.
export const saidElsewhere = {
  SLUICE_INVALID_ARGUMENT: 'input is not valid; expected a path, a file: URL or the bytes of an image; received 7',
  SLUICE_OUT_OF_RANGE: 'width is out of range; expected 1 to 16384 pixels; received 0',
  SLUICE_Y4M_TRUNCATED: 'the Y4M file ends inside frame ‹frames›; expected ‹expected›; received ‹received›',
  SLUICE_HISTORY_VERSION:
    'the history of a conversation is of another version; expected version ‹HISTORY_VERSION›; received ‹…›. Go on without it, or with the sluice that wrote it',
  SLUICE_HISTORY_LATE:
    'a conversation is recalled that has begun already. Recall it once, before anything is said or heard',
  SLUICE_HOST_UNAVAILABLE:
    '@roamhq/wrtc could not be loaded. Look at the cause; install dependencies with npm ci on a supported platform',
  SLUICE_ROOM_TOKEN:
    'the room server refused: ‹message›; received "token-required". Get a token for this room from who runs it, and join(url, { token })',
  SLUICE_ROOM_FULL:
    'the room server refused: ‹message›; received "room-full". Wait until somebody leaves, or raise maxParticipants',
  SLUICE_ROOM_UNKNOWN:
    'the room server refused: ‹message›; received "room-unknown". Check the name, or have the owner of the server make the room',
  SLUICE_ROOM_NOT_OPEN: 'the room server refused: ‹message›; received "room-not-open". Join when it opens',
  SLUICE_ROOM_EXPIRED:
    'the room server refused: ‹message›; received "room-expired". Have the owner of the server make another room, or give this one more time',
  SLUICE_WHIP_LOST:
    'the media engine of this process died. Begin a new session; where none comes up, look at firewalls and iceServers',
  SLUICE_FFMPEG_DAMAGED: 'ffmpeg read ‹name› to its end, and says: ‹complaint›',
  SLUICE_SCENARIO_BUDGET: 'voiceToVoiceMs has a max of 780.3 ms, at most 10 ms is allowed',
  SLUICE_SCENARIO_AGENT:
    'the agent tells nothing of what happens. Pass ends.onEvent on: voiceAgent(ends.graph, { onEvent: ends.onEvent, ... })',
  SLUICE_SCENARIO_NOT_FOUND: 'no scenario has "ugly" in its name. Name one of "good", "bad"',
  SLUICE_FLEET_LIMIT:
    'the bot of ‹job› takes more of its worker than it may; expected ‹…›; received ‹…›. Make the bot cheaper, or raise the limits of its factory',
  SLUICE_FLEET_FAILED: 'the log of ‹name› cannot be read; received ‹…›',
  SLUICE_REMOTE_FRAME:
    'a sender has sent more than it had credit for; expected at most ‹windowFrames› frames, and none beyond ‹windowBytes› bytes, before they are taken; received ‹frames› frames, ‹bytes› bytes',
  SLUICE_JOB_STUCK:
    '‹what›; expected one within ‹startMs› ms. See in the job’s log how far it came, or raise startMs of the worker',
  SLUICE_CLI_USAGE: 'sluice ‹name› has no flag ‹stray›; did you mean --‹near›? See sluice ‹name› --help',
  SLUICE_CLI_PROGRAM: '‹file› gives no graph; expected ‹…›',
  SLUICE_CLI_ENVIRONMENT: 'the site of the documentation was not built. npm run docs:site',
};
