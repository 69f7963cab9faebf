// Examples of the ends of a call: two clients in a room on loopback, Ada who speaks and Ben who listens. See examples.mjs.
import { graph } from '@sluice/core';
import * as nodes from '@sluice/nodes';
import * as transport from '@sluice/transport';

const { fromTestPattern, tap } = nodes;
const { CustomAudioSource, CustomAudioTrack, CustomVideoSource, CustomVideoTrack, followSpeakers, fromCall } =
  transport;
const { fromParticipantAudio, fromParticipantVideo, fromSpeaker, fromWhep, startWhipServer } = transport;
const { toCamera, toCustomAudio, toCustomVideo, toMicrophone, toWhip } = transport;

export const heard = {
  toMicrophone: {
    given: ['hello', 'call'],
    run: async (hello, { adaId, microphone, ben }, sink) => {
      const [bot, ears] = [graph('ada'), graph('ben')];
      ears.from(fromParticipantAudio(ben, adaId, { sampleRate: 16_000 })).to(sink);
      await ears.start();
      bot.from(hello).to(toMicrophone(microphone));
      await bot.run();
      await ears.stop();
    },
  },
  fromCall: {
    given: ['hello', 'call'],
    run: async (hello, { microphone, ben }, sink) => {
      const [bot, ears] = [graph('ada'), graph('ben')];
      ears.from(fromCall(ben, { sampleRate: 16_000 })).to(sink);
      await ears.start();
      bot.from(hello).to(toMicrophone(microphone));
      await bot.run();
      await ears.stop();
    },
  },
  fromSpeaker: {
    given: ['hello', 'call'],
    run: async (hello, { microphone, speaker }, sink) => {
      const [bot, ears] = [graph('ada'), graph('ben')];
      ears.from(fromSpeaker(speaker)).to(sink);
      await ears.start();
      bot.from(hello).to(toMicrophone(microphone));
      await bot.run();
      await ears.stop();
    },
  },
  toCustomAudio: {
    given: ['tune', 'call'],
    run: async (tune, { ada, adaId, ben }, sink) => {
      const source = new CustomAudioSource(48_000, 2);
      await ada.addCustomAudioTrack('music', new CustomAudioTrack(source));
      const [bot, ears] = [graph('ada'), graph('ben')];
      ears.from(fromParticipantAudio(ben, adaId, { audioSource: 'music', sampleRate: 48_000 })).to(sink);
      await ears.start();
      bot.from(tune).to(toCustomAudio(source));
      await bot.run();
      await ears.stop();
    },
  },
};
heard.fromParticipantAudio = heard.toMicrophone;

export const seen = {
  toCamera: {
    given: ['call'],
    run: async ({ adaId, camera, ben }, sink) => {
      const [bot, eyes] = [graph('ada'), graph('ben')];
      let pictures = 0;
      const both = new Promise((resolve) => {
        eyes
          .from(fromParticipantVideo(ben, adaId, { colorFormat: 'I420' }))
          .pipe(tap(() => ++pictures === 2 && resolve()))
          .to(sink);
      });
      await eyes.start();
      bot.from(fromTestPattern({ width: 320, height: 180, frameRate: 10, live: true })).to(toCamera(camera));
      await bot.start();
      await both;
      await Promise.all([eyes.stop(), bot.stop()]);
    },
  },
  toCustomVideo: {
    given: ['call'],
    run: async ({ ada, adaId, ben }, sink) => {
      const source = new CustomVideoSource(320, 180, 'RGBA', { screen: true });
      await ada.addCustomVideoTrack('slides', new CustomVideoTrack(source));
      const [bot, eyes] = [graph('ada'), graph('ben')];
      let pictures = 0;
      const both = new Promise((resolve) => {
        eyes
          .from(fromParticipantVideo(ben, adaId, { videoSource: 'slides', colorFormat: 'I420' }))
          .pipe(tap(() => ++pictures === 2 && resolve()))
          .to(sink);
      });
      await eyes.start();
      bot.from(fromTestPattern({ width: 320, height: 180, frameRate: 5, live: true })).to(toCustomVideo(source));
      await bot.start();
      await both;
      await Promise.all([eyes.stop(), bot.stop()]);
    },
  },
};
seen.fromParticipantVideo = seen.toCamera;

export const told = {
  followSpeakers: {
    given: ['call'],
    run: async ({ ben }, tell) => {
      const following = followSpeakers(ben, {
        addSpeaker: async ({ name, agent }) => tell({ joins: name, agent }),
        removeSpeaker: async () => {},
        updateSpeaker: () => {},
      });
      await following.close();
    },
  },
};

heard.toWhip = {
  given: ['hello', 'call'],
  run: async (hello, { roomUrl }, sink) => {
    const endpoint = await startWhipServer({ roomUrl });
    const live = toWhip(endpoint.whipUrl('stage'));
    const stage = fromWhep(endpoint.whepUrl('stage'), { video: false });
    const [bot, ears] = [graph('encoder'), graph('viewer')];
    ears.from(stage.audio).to(sink);
    await ears.start();
    bot.from(hello).to(live.audio);
    await bot.run();
    await ears.stop();
    await endpoint.close();
  },
};
heard.fromWhep = heard.toWhip;
