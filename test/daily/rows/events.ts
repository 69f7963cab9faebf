import { type CallClient, Daily } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { idOf, type World } from '../world.ts';
import { neverHere } from './never-here.ts';
import { nextEvent } from './next-event.ts';
import { serviceEvents } from './service-events.ts';

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
        const { participant } = await nextEvent(grace, 'active-speaker-changed');
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
        const told = nextEvent(ada, 'app-message');
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
        const told = nextEvent(client, 'available-devices-updated');
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
        const told = nextEvent(ada, 'dtmf-event');
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
        const told = nextEvent(ada, 'error');
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
        const told = nextEvent(client, 'inputs-updated');
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
        const told = nextEvent(client, 'publishing-updated');
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
          nextEvent(client, 'subscriptions-updated'),
          nextEvent(client, 'subscription-profiles-updated'),
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
        const joined = nextEvent(ada, 'participant-joined').then(({ participant }) => {
          expect(ada.participants()[participant.id]).toBeDefined();
          return participant;
        });
        const grace = await world.joined({ userName: 'Grace' });
        expect((await joined).info.userName).toBe('Grace');
        const renamed = nextEvent(
          ada,
          'participant-updated',
          ({ participant }) => participant.info.userName === 'Hopper',
        );
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
        const told = nextEvent(ada, 'participant-left');
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
        const told = nextEvent(ada, 'participant-counts-updated', ({ present }) => present === 2);
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
        const stats = await nextEvent(grace, 'network-stats-updated', ({ packetsReceived }) => packetsReceived > 0);
        expect(stats.threshold).toBe('good');
      },
    },
    ...serviceEvents,
  ],
};

async function two(world: World): Promise<{ readonly ada: CallClient; readonly grace: CallClient }> {
  const ada = await world.joined();
  const grace = await world.joined();
  await until(() => Object.keys(ada.participants()).length === 2);
  return { ada, grace };
}
