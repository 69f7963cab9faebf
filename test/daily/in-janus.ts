/** What of a row is missing in rooms of Janus, whose VideoRoom has nothing of the kind. */
const recording = 'nobody records there: `SLUICE_CALL_CAPABILITY`; a client that joins may';
const transcription = 'nobody transcribes there: `SLUICE_CALL_CAPABILITY`; a client that joins may';
const digits = 'no digits are passed on there: `SLUICE_CALL_CAPABILITY`';
const owner = 'an owner, who is who has the secret of the room, administers participants and nothing else';

/** The rows that do not hold in rooms of Janus, by their names, and why. */
export const inJanus: ReadonlyMap<string, string> = new Map([
  ['start_recording(streaming_settings=None, stream_id=None, force_new=None, completion=None)', recording],
  ['stop_recording(stream_id=None), update_recording(update_settings, stream_id=None, completion=None)', recording],
  ['start_transcription(settings=None, completion=None)', transcription],
  ['stop_transcription(completion=None)', transcription],
  ['update_transcription(participants=None, instance_id=None, completion=None)', transcription],
  ['send_dtmf(settings, completion=None)', digits],
  ['on_dtmf_event({ sessionId, tone, volume, method })', digits],
  ['on_recording_started(status), on_recording_stopped(stream_id), on_recording_error(stream_id, message)', recording],
  ['on_transcription_started(status), also if it runs at joining', transcription],
  ['on_transcription_message(message)', transcription],
  ['on_transcription_stopped(stopped_by, stopped_by_error)', transcription],
  ['on_transcription_error(message)', transcription],
  ['on_transcription_updated({ participants, instanceId, updatedBy })', transcription],
  ['Participant: { id, info: { isLocal, isOwner, joinedAt, permissions, userId, userName }, media }', owner],
  [
    'transcription settings: { language, model, tier, profanity_filter, redact, punctuate, endpointing, extra, includeRawResponse }',
    transcription,
  ],
  [
    'recording settings: { video: { width, height, fps, backgroundColor, bitrate }, audio: { bitrate }, maxDuration, layout }',
    recording,
  ],
  ['recording status: { layout, recordingId, startedBy, streamId }', recording],
]);
