import { type CallClient, type CallEvents, Daily } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { idOf, type World } from '../world.ts';

/** Daily-api 1.9: what a call tells. */
export const events: Section = {
  title: 'Events',
  rows: [
    {
      daily: 'on_active_speaker_changed(participant)',
      sluice: "'active-speaker-changed' { participant }",
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = await world.joined();
        const { participant } = await next(grace, 'active-speaker-changed');
        expect(participant?.id).toBe(idOf(ada));
        expect(grace.activeSpeaker()?.id).toBe(idOf(ada));
      },
    },
    {
      daily: 'on_app_message(message, sender)',
      sluice: "'app-message' { message, from }",
      verdict: 'same',
      check: async (world) => {
        const { ada, grace } = await two(world);
        const told = next(ada, 'app-message');
        await grace.sendAppMessage([1, { two: 'three' }]);
        expect(await told).toEqual({ message: [1, { two: 'three' }], from: idOf(grace) });
      },
    },
    {
      daily: 'on_available_devices_updated(available_devices)',
      sluice: "'available-devices-updated' { availableDevices }",
      verdict: 'same',
      check: async (world) => {
        const client = world.client();
        const told = next(client, 'available-devices-updated');
        const name = world.name();
        Daily.createMicrophoneDevice(name);
        const { availableDevices } = await told;
        expect(availableDevices.microphone.map(({ deviceId }) => deviceId)).toContain(name);
      },
    },
    {
      daily: 'on_call_state_updated(state)',
      sluice: "'call-state-updated' { state }",
      verdict: 'same',
      check: async (world) => {
        const client = world.client();
        const states: string[] = [client.callState];
        client.on('call-state-updated', ({ state }) => states.push(state));
        await client.join(world.url);
        await client.leave();
        expect(states).toEqual(['initialized', 'joining', 'joined', 'leaving', 'left']);
      },
    },
    ...neverHere([
      ['on_dialin_ready(sip_endpoint)', ['dialin-ready']],
      [
        'on_dialin_connected, on_dialin_stopped, on_dialin_warning, on_dialin_error',
        ['dialin-connected', 'dialin-stopped', 'dialin-warning', 'dialin-error'],
      ],
      [
        'on_dialout_connected, on_dialout_stopped, on_dialout_warning, on_dialout_error',
        ['dialout-connected', 'dialout-stopped', 'dialout-warning', 'dialout-error'],
      ],
      ['on_dialout_answered(event)', ['dialout-answered']],
    ]),
    {
      daily: 'on_dtmf_event({ sessionId, tone, volume, method })',
      sluice: "'dtmf-event' { sessionId, tone, durationMs }",
      verdict: 'same',
      check: async (world) => {
        const { ada, grace } = await two(world);
        const told = next(ada, 'dtmf-event');
        await grace.sendDtmf({ sessionId: idOf(ada), tones: '7', digitDurationMs: 60 });
        expect(await told).toMatchObject({ sessionId: idOf(grace), tone: '7' });
      },
    },
    {
      daily: 'on_error(message)',
      sluice: "'error' { message, error }",
      verdict: 'better',
      note: 'With a typed error, its code and its cause.',
      check: async (world) => {
        const ada = await world.joined();
        const owner = await world.owner();
        const told = next(ada, 'error');
        await owner.ejectRemoteParticipants([idOf(ada)]);
        const { message, error } = await told;
        expect(message).toBe(error.message);
        expect(error.code).toMatch(/^SLUICE_/);
      },
    },
    {
      daily: 'on_inputs_updated(input_settings)',
      sluice: "'inputs-updated' { inputs }",
      verdict: 'same',
      check: async (world) => {
        const client = world.client();
        const told = next(client, 'inputs-updated');
        await client.updateInputs({ microphone: { settings: { customTrack: { id: world.tone(440).id } } } });
        expect((await told).inputs).toEqual(client.inputs());
      },
    },
    {
      daily: 'on_publishing_updated(publishing_settings)',
      sluice: "'publishing-updated' { publishing }",
      verdict: 'same',
      check: async (world) => {
        const client = world.client();
        const told = next(client, 'publishing-updated');
        await client.updatePublishing({ microphone: { sendSettings: 'speech' } });
        expect((await told).publishing).toEqual(client.publishing());
      },
    },
    {
      daily: 'on_subscriptions_updated, on_subscription_profiles_updated(mapping)',
      sluice: "'subscriptions-updated' { subscriptions }, 'subscription-profiles-updated' { profiles }",
      verdict: 'same',
      check: async (world) => {
        const client = world.client();
        const both = Promise.all([
          next(client, 'subscriptions-updated'),
          next(client, 'subscription-profiles-updated'),
        ]);
        await client.updateSubscriptions({ somebody: { profile: 'base' } }, { base: { camera: 'unsubscribed' } });
        const [{ subscriptions }, { profiles }] = await both;
        expect(Object.keys(subscriptions)).toEqual(['somebody']);
        expect(profiles.base).toEqual({ camera: 'unsubscribed' });
      },
    },
    {
      daily: 'on_participant_joined, on_participant_updated(participant)',
      sluice: "'participant-joined', 'participant-updated' { participant }",
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        const joined = next(ada, 'participant-joined').then(({ participant }) => {
          expect(ada.participants()[participant.id]).toBeDefined();
          return participant;
        });
        const grace = await world.joined({ userName: 'Grace' });
        expect((await joined).info.userName).toBe('Grace');
        const renamed = next(ada, 'participant-updated', ({ participant }) => participant.info.userName === 'Hopper');
        grace.setUserName('Hopper');
        await renamed;
      },
    },
    {
      daily: 'on_participant_left(participant, reason)',
      sluice: "'participant-left' { participant, leftReason }",
      verdict: 'better',
      note: 'Beside leftCall and hidden: connectionLost and removed.',
      check: async (world) => {
        const { ada, grace } = await two(world);
        const id = idOf(grace);
        const told = next(ada, 'participant-left');
        await grace.leave();
        expect(await told).toMatchObject({ participant: { id }, leftReason: 'leftCall' });
        expect(ada.participants()[id]).toBeUndefined();
      },
    },
    {
      daily: 'on_participant_counts_updated({ hidden, present })',
      sluice: "'participant-counts-updated' { hidden, present }",
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        const told = next(ada, 'participant-counts-updated', ({ present }) => present === 2);
        await world.joined();
        expect(await told).toEqual(ada.participantCounts());
      },
    },
    {
      daily: 'on_network_stats_updated(stats)',
      sluice: "'network-stats-updated' (stats)",
      verdict: 'same',
      check: async (world) => {
        await world.joined(world.sounding(440));
        const grace = await world.joined();
        const stats = await next(grace, 'network-stats-updated', ({ packetsReceived }) => packetsReceived > 0);
        expect(stats.threshold).toBe('good');
      },
    },
    {
      daily: 'on_recording_started(status), on_recording_stopped(stream_id), on_recording_error(stream_id, message)',
      sluice:
        "'recording-started' { status }, 'recording-stopped' { streamId }, 'recording-error' { streamId, message }",
      verdict: 'same',
      check: async (world) => {
        const owner = await world.owner();
        const started = next(owner, 'recording-started');
        const stopped = next(owner, 'recording-stopped');
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
        const told = next(owner, 'transcription-started');
        await owner.startTranscription({ language: 'en' });
        const { status } = await told;
        const late = world.client();
        const again = next(late, 'transcription-started');
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
        const told = next(owner, 'transcription-message');
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
        const told = next(owner, 'transcription-stopped');
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
        const told = next(owner, 'transcription-error');
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
        const told = next(owner, 'transcription-updated');
        await owner.startTranscription();
        await owner.updateTranscription({ participants: [idOf(owner)] });
        expect(await told).toMatchObject({ participants: [idOf(owner)], updatedBy: idOf(owner) });
        await owner.stopTranscription();
      },
    },
  ],
};

/** The next event of its kind that fits. */
function next<K extends keyof CallEvents>(
  client: CallClient,
  event: K,
  fits: (data: CallEvents[K]) => boolean = () => true,
): Promise<CallEvents[K]> {
  return new Promise((resolve) => {
    const cancel = client.on(event, (data) => {
      if (!fits(data)) return;
      cancel();
      resolve(data);
    });
  });
}

async function two(world: World): Promise<{ readonly ada: CallClient; readonly grace: CallClient }> {
  const ada = await world.joined();
  const grace = await world.joined();
  await until(() => Object.keys(ada.participants()).length === 2);
  return { ada, grace };
}

/** Events of services that an embedded room has not: known by name, so that a program for both needs no branch. */
function neverHere(list: readonly (readonly [daily: string, names: readonly string[]])[]): Section['rows'] {
  return list.map(([daily, names]) => ({
    daily,
    sluice: names.map((name) => `'${name}'`).join(', '),
    verdict: 'not-applicable',
    note: 'May be listened to; a room of one’s own never tells it.',
    check: (world) => {
      const client = world.client();
      for (const name of names) client.on(name as 'error', () => {})();
      expect(() => client.on(`${names[0]}x` as 'error', () => {})).toThrow(new RegExp(names[0] ?? ''));
    },
  }));
}
