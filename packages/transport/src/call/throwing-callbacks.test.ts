import { readdirSync, readFileSync } from 'node:fs';
import { type SluiceError, videoByteLength } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeSession, noDevices, person } from '../../test/fakes/fake-session.ts';
import { VirtualMicrophoneDevice } from '../devices/audio/virtual-microphone.ts';
import { CustomAudioSource } from '../devices/custom/custom-audio-source.ts';
import { DeviceRegistry, setCurrentDevices } from '../devices/registry.ts';
import { VirtualSpeakerDevice } from '../devices/speaker/virtual-speaker.ts';
import { LogGate } from '../logger.ts';
import { registerRoomDriver } from '../room/driver-registry.ts';
import { virtualMediaHost } from '../testing/virtual-media-host.ts';
import { CallClient } from './call-client.ts';
import { type CallEvents, callEventNames } from './call-events.ts';

const mine = new Error('mine');
const throws = () => {
  throw mine;
};

/** A client that says of itself what a call would make it say. */
class TalkingClient extends CallClient {
  say(event: keyof CallEvents): void {
    const of = { id: `after ${event}` };
    const data = { ...of, participant: of, state: of, inputs: of, publishing: of, subscriptions: of };
    const more = { profiles: of, availableDevices: of, kind: 'signalling', error: mine };
    this.parts.events.emit(event, { ...data, ...more } as never);
  }
}

/** What stands before the completion of each method that takes one. */
const methods: Record<string, readonly unknown[]> = {
  join: ['fake://host/room', {}],
  leave: [{}],
  networkStats: [{}],
  setIceConfig: [null],
  setProxyUrl: [null],
  updateInputs: [{}],
  updatePublishing: [{}],
  addCustomAudioTrack: ['a', undefined, {}],
  updateCustomAudioTrack: ['a', undefined, {}],
  removeCustomAudioTrack: ['a'],
  addCustomVideoTrack: ['v', undefined],
  updateCustomVideoTrack: ['v', undefined],
  removeCustomVideoTrack: ['v'],
  updateSubscriptions: [{}, {}],
  updateSubscriptionProfiles: [{}],
  updateWaitingParticipants: [{}],
  updateRemoteParticipants: [{}],
  ejectRemoteParticipants: [['ada']],
  updatePermissions: [{}],
  sendAppMessage: ['hello', null],
  sendPrebuiltChatMessage: ['hello', null],
  sendDtmf: [{ tones: '1' }],
  startRecording: [{}],
  stopRecording: [{}],
  updateRecording: [{}, {}],
  startTranscription: [{}],
  stopTranscription: [{}],
  updateTranscription: [{}],
  startLiveStreamWithEndpoints: ['endpoint', {}],
  startLiveStreamWithRtmpUrls: ['rtmp://127.0.0.1', {}],
  stopLiveStream: [{}],
  updateLiveStream: [{}, {}],
  addLiveStreamingEndpoints: ['endpoint', {}],
  removeLiveStreamingEndpoints: ['endpoint', {}],
  startDialout: [{}],
  stopDialout: ['ada'],
  sipCallTransfer: [{}],
  sipRefer: [{}],
};

/** The public methods whose last parameter is a completion, as their sources have them. */
function methodsInSources(): string[] {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(new URL('client/', folder)).filter((name) => name.endsWith('-client.ts'));
  const sources = ['call-client.ts', ...files.map((name) => `client/${name}`)];
  return sources.flatMap((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return [...text.matchAll(/^ {2}([a-z]\w*)\(((?!\): ).|\n)*?\b(completion|done)\?: /gm)].map((match) => match[1]!);
  });
}

let clock: VirtualClock;
let warnings: Error[];
const note = (warning: Error) => warnings.push(warning);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  clock = new VirtualClock();
  warnings = [];
  process.on('warning', note);
});
afterEach(() => {
  process.off('warning', note);
});

describe('what a callback of a client throws is told, and the call goes on', () => {
  let client: TalkingClient;
  let session: FakeSession;
  let unregister: () => void;
  let told: unknown[];

  beforeEach(async () => {
    session = new FakeSession();
    unregister = registerRoomDriver({ name: 'fake', schemes: ['fake:'], capabilities: [], join: async () => session });
    client = new TalkingClient({ devices: { ...noDevices, host: virtualMediaHost(clock) }, clock });
    await client.join('fake://host/room');
    told = [];
  });
  afterEach(() => unregister());

  test.each(callEventNames.filter((name) => name !== 'error'))('a listener of %s', (event) => {
    client.on('error', ({ error }) => told.push(error.code, error.cause));
    let others = 0;
    client.on(event, throws);
    client.on(event, () => others++);
    client.say(event);
    expect(told).toEqual(['SLUICE_CALL_HANDLER', mine]);
    expect(others).toBe(1);
    expect(client.callState).toBe('joined');
  });

  test('a listener of error, which nobody else could be told of', async () => {
    client.on('error', throws);
    client.say('error');
    await nextTurn();
    expect(warnings).toEqual([mine]);
  });

  test('the table below has every method that takes a completion', () => {
    expect(Object.keys(methods).sort()).toEqual(methodsInSources().sort());
  });

  test.each(Object.entries(methods))('the completion of %s', async (name, before) => {
    client.on('error', ({ error }) => told.push(error.cause));
    const method = (client as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>)[name]!;
    const outcome = method.call(client, ...before, throws).then(
      () => {},
      () => {},
    );
    await clock.advance(60_000);
    await outcome;
    await nextTurn();
    expect(told).toContain(mine);
    expect(told.every((cause) => cause === mine)).toBe(true);
  });

  test('renderers of sound and pictures', () => {
    client.on('error', ({ error }) => told.push(error.code, error.cause));
    session.set(person('ada'));
    client.setAudioRenderer('ada', throws);
    client.setVideoRenderer('ada', throws);
    const samples = new Int16Array(1_440);
    session.events.emit('audio', {
      participantId: 'ada',
      name: 'microphone',
      samples,
      sampleRate: 48_000,
      channels: 1,
    });
    const data = new Uint8Array(videoByteLength({ width: 2, height: 2, format: 'I420' }));
    session.events.emit('video', { participantId: 'ada', name: 'camera', picture: { width: 2, height: 2, data } });
    expect(told).toEqual(['SLUICE_CALL_HANDLER', mine, 'SLUICE_CALL_HANDLER', mine]);
  });
});

test('what a logger throws is a warning', async () => {
  const gate = new LogGate();
  gate.level = 'trace';
  gate.target = { error: throws, warn: throws, info: throws, debug: throws, trace: throws };
  gate.log('error', 'media host died');
  await nextTurn();
  expect(warnings).toEqual([mine]);
});

describe('what a completion of a device throws is a warning, and the device goes on', () => {
  const device = { sampleRate: 16_000, channels: 1, cushionMs: 60, capacityMs: 250, autoSilence: true };
  let host: ReturnType<typeof virtualMediaHost>;
  beforeEach(() => {
    host = virtualMediaHost(clock);
  });

  const microphone = (nonBlocking: boolean, active: boolean) => {
    const made = new VirtualMicrophoneDevice({ ...device, name: 'mic', clock, host, nonBlocking });
    if (active) made.input.use().set('alone');
    const write = () => made.writeFrames(new Int16Array(320), throws);
    return { call: write, close: () => made.close() };
  };
  const source = () => {
    setCurrentDevices(new DeviceRegistry({ createHost: () => host, clock }));
    const made = new CustomAudioSource(16_000, 1);
    setCurrentDevices(undefined);
    return { call: () => made.writeFrames(new Int16Array(320), throws), close: () => made.close() };
  };
  const speaker = (nonBlocking: boolean, voices: number) => {
    const made = new VirtualSpeakerDevice({ name: 'speaker', sampleRate: 16_000, channels: 1, nonBlocking, clock });
    for (let voice = 0; voice < voices; voice++) made.openVoice();
    return { call: () => made.readFrames(320, throws), close: () => made.close() };
  };

  test.each([
    ['writeFrames of a microphone that is played', () => microphone(false, true), 320],
    ['writeFrames of one that does not block', () => microphone(true, true), 320],
    ['writeFrames of one that nobody sends', () => microphone(false, false), 0],
    ['writeFrames of a custom source', source, 320],
    ['readFrames of a speaker', () => speaker(false, 1), { length: 640 }],
    ['readFrames of one that does not block', () => speaker(true, 1), { length: 0 }],
    ['readFrames of one that hears nobody', () => speaker(false, 0), { length: 0 }],
  ])('%s', async (_, make, result) => {
    const { call, close } = make();
    for (let time = 1; time <= 2; time++) {
      const outcome = call();
      await clock.advance(1_000);
      const got = await outcome;
      expect(typeof got === 'number' ? got : { length: got.length }).toEqual(result);
      await nextTurn();
      expect(warnings.map((warning) => [(warning as SluiceError).code, warning.cause])).toEqual(
        Array(time).fill(['SLUICE_CALL_HANDLER', mine]),
      );
    }
    close();
  });

  test.each([
    ['a microphone', () => microphone(true, true)],
    ['a custom source', source],
    ['a speaker', () => speaker(true, 1)],
  ])('what waits when %s is closed', async (_, make) => {
    const { call, close } = make();
    await Promise.all([call(), call()]);
    close();
    await nextTurn();
    expect(warnings.map(({ cause }) => cause)).toEqual([mine, mine]);
  });
});
