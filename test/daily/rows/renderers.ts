import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { idOf } from '../world.ts';

/** Daily-api 1.8: hearing and seeing one participant. */
export const renderers: Section = {
  title: 'Renderers',
  rules: true,
  rows: [
    {
      daily: 'Sources: microphone, screenAudio, camera, screenVideo, or the name of a custom track',
      sluice: 'The same: audioSource, videoSource',
      verdict: 'same',
      check: async (world) => {
        const customTrack = { id: world.tone(660).id };
        const ada = await world.joined({
          clientSettings: { inputs: { screenAudio: { isEnabled: true, settings: { customTrack } } } },
        });
        await ada.addCustomAudioTrack('music', world.tone(880));
        const grace = await world.joined();
        await world.hears(grace, idOf(ada), 660, 'screenAudio');
        await world.hears(grace, idOf(ada), 880, 'music');
      },
    },
    {
      daily: 'The interval is a multiple of 10 ms; any other never fires and grows without bound',
      sluice: 'Any other is a RangeError at once',
      verdict: 'better',
      note: 'Refused instead of silent.',
      check: (world) => {
        const client = world.client();
        const id = 'somebody';
        expect(() => client.setAudioRenderer(id, () => {}, { callbackIntervalMs: 15 })).toThrow(RangeError);
        expect(() => client.setAudioRenderer(id, () => {}, { callbackIntervalMs: 0 })).toThrow(RangeError);
      },
    },
    {
      daily: 'Audio is resampled to sample_rate, in the track’s channels',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = await world.joined();
        const lengths = new Set<number>();
        const options = { sampleRate: 8_000, callbackIntervalMs: 50 };
        grace.setAudioRenderer(idOf(ada), (_, frame) => lengths.add(frame.samples.length), options);
        await until(() => lengths.has(400));
      },
    },
    {
      daily: 'Set again for the same source it is replaced; there is no way to unset one',
      sluice: 'Replaced as well; the function that it returns unsets it',
      verdict: 'better',
      note: 'It can be unset.',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = await world.joined();
        let first = 0;
        let second = 0;
        grace.setAudioRenderer(idOf(ada), () => first++);
        await until(() => first > 0);
        const cancel = grace.setAudioRenderer(idOf(ada), () => second++);
        const before = first;
        await until(() => second > 5);
        expect(first).toBe(before);
        cancel();
        const last = second;
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(second).toBe(last);
      },
    },
    {
      daily: 'It may be set before joining and before the participant is there; it ends when the participant leaves',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = world.client();
        let heard = 0;
        grace.setAudioRenderer(idOf(ada), () => heard++);
        await grace.join(world.url);
        await until(() => heard > 5);
        await ada.leave();
        await until(() => Object.keys(grace.participants()).length === 1);
        const last = heard;
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(heard).toBe(last);
      },
    },
    {
      daily: 'It does not subscribe by itself',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = world.client();
        await grace.updateSubscriptionProfiles({ base: { microphone: 'unsubscribed' } });
        await grace.join(world.url);
        let heard = 0;
        grace.setAudioRenderer(idOf(ada), () => heard++);
        await until(() => grace.participants()[idOf(ada)]?.media.microphone.state === 'receivable');
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(heard).toBe(0);
        await grace.updateSubscriptionProfiles({ base: { microphone: 'subscribed' } });
        await until(() => heard > 0);
      },
    },
  ],
};
