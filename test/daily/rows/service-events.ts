import { expect } from 'vitest';
import type { Row } from '../row.ts';
import { idOf } from '../world.ts';
import { neverHere } from './never-here.ts';
import { nextEvent } from './next-event.ts';

/** Daily-api 1.9: what a call tells of recordings and transcriptions. */
export const serviceEvents: readonly Row[] = [
  {
    daily: 'on_recording_started(status), on_recording_stopped(stream_id), on_recording_error(stream_id, message)',
    sluice: "'recording-started' { status }, 'recording-stopped' { streamId }, 'recording-error' { streamId, message }",
    verdict: 'same',
    check: async (world) => {
      const owner = await world.owner();
      const started = nextEvent(owner, 'recording-started');
      const stopped = nextEvent(owner, 'recording-stopped');
      const streamId = await owner.startRecording({ streamingSettings: { layout: { preset: 'audio-only' } } });
      expect((await started).status).toMatchObject({ streamId, startedBy: idOf(owner) });
      await owner.stopRecording({ streamId });
      expect(await stopped).toEqual({ streamId });
    },
  },
  ...neverHere([
    [
      'on_live_stream_started, on_live_stream_stopped, on_live_stream_error, on_live_stream_warning',
      ['live-stream-started', 'live-stream-stopped', 'live-stream-error', 'live-stream-warning'],
    ],
    ['on_live_stream_updated({ state, streamId })', ['live-stream-updated']],
  ]),
  {
    daily: 'on_transcription_started(status), also if it runs at joining',
    sluice: "'transcription-started' { status }, also if it runs at joining",
    verdict: 'same',
    check: async (world) => {
      const owner = await world.owner();
      const told = nextEvent(owner, 'transcription-started');
      await owner.startTranscription({ language: 'en' });
      const { status } = await told;
      const late = world.client();
      const again = nextEvent(late, 'transcription-started');
      await late.join(world.url);
      expect((await again).status).toEqual(status);
      await owner.stopTranscription();
    },
  },
  {
    daily: 'on_transcription_message(message)',
    sluice: "'transcription-message' { participantId, text, timestamp, trackType, rawResponse }",
    verdict: 'better',
    note: 'isFinal stands in the message itself.',
    check: async (world) => {
      const owner = await world.owner(world.sounding(440));
      const told = nextEvent(owner, 'transcription-message');
      await owner.startTranscription();
      const message = await told;
      expect(message).toMatchObject({ participantId: idOf(owner), trackType: 'microphone' });
      expect(message.text).toMatch(/sentence|number|\d/);
      expect(Number.isNaN(Date.parse(message.timestamp))).toBe(false);
      await owner.stopTranscription();
    },
  },
  {
    daily: 'on_transcription_stopped(stopped_by, stopped_by_error)',
    sluice: "'transcription-stopped' { updatedBy, stoppedByError }",
    verdict: 'same',
    check: async (world) => {
      const owner = await world.owner();
      const told = nextEvent(owner, 'transcription-stopped');
      await owner.startTranscription();
      await owner.stopTranscription();
      expect(await told).toMatchObject({ updatedBy: idOf(owner), stoppedByError: false });
    },
  },
  {
    daily: 'on_transcription_error(message)',
    sluice: "'transcription-error' { message }",
    verdict: 'same',
    check: async (world) => {
      const owner = await world.owner(world.sounding(440));
      const told = nextEvent(owner, 'transcription-error');
      await owner.startTranscription({ model: 'breaks' });
      expect((await told).message).toMatch(/breaks/);
    },
  },
  {
    daily: 'on_transcription_updated({ participants, instanceId, updatedBy })',
    sluice: "'transcription-updated' { participants, instanceId, updatedBy }",
    verdict: 'same',
    check: async (world) => {
      const owner = await world.owner();
      const told = nextEvent(owner, 'transcription-updated');
      await owner.startTranscription();
      await owner.updateTranscription({ participants: [idOf(owner)] });
      expect(await told).toMatchObject({ participants: [idOf(owner)], updatedBy: idOf(owner) });
      await owner.stopTranscription();
    },
  },
];
