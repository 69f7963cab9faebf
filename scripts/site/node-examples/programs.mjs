// Examples of ends that lead out of the process: containers, ffmpeg, sockets, NATS. See examples.mjs.
import { graph } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { connectNats, fromSubject, toSubject } from '@sluice/fleet';
import * as nodes from '@sluice/nodes';
import { fromLiveMedia, fromMedia, probeMedia, toMedia, toMovie } from '@sluice/plugin-ffmpeg';
import { describeContainer, fromContainer, toContainer } from '@sluice/plugin-mediabunny';
import { mediaSocket, twilioForm } from '@sluice/plugin-websocket';
import { socketPair, TwilioCaller } from '@sluice/plugin-websocket/testing';

const { fromPcm, fromWavFile, pace } = nodes;

export const heard = {
  fromMedia: {
    given: ['voice', 'opusFile'],
    run: async (voice, opusFile, sink) => {
      const coder = graph('coder');
      coder.from(voice).to(toMedia(opusFile, { bitrateKbps: 16 }));
      await coder.run();
      fromMedia(opusFile, { startMs: 500, durationMs: 1_500, sampleRate: 16_000, channels: 1 }).audio.subscribe(sink);
    },
  },
  fromLiveMedia: {
    given: ['voiceFile', 'rtmpUrl'],
    run: async (voiceFile, rtmpUrl, sink) => {
      const receiver = graph('receiver');
      const live = fromLiveMedia(rtmpUrl, { listen: true, video: false, sampleRate: 16_000, channels: 1 });
      receiver.from(live.audio).to(sink);
      const heard = receiver.run();
      const sender = graph('sender');
      sender
        .from(fromWavFile(voiceFile, { end: 3 }))
        .pipe(pace())
        .to(toMedia(rtmpUrl));
      await sender.run();
      await heard;
    },
  },
  fromContainer: {
    given: ['voice', 'movFile'],
    run: async (voice, movFile, sink) => {
      const coder = graph('coder');
      coder.from(voice).to(toContainer(movFile, { encoding: 'mu-law', sampleRate: 8_000 }));
      await coder.run();
      fromContainer(movFile, { startMs: 500, durationMs: 1_500 }).subscribe(sink);
    },
  },
  mediaSocket: {
    given: ['voice'],
    run: async (voice, sink) => {
      const clock = new VirtualClock();
      const [far, near] = socketPair({ clock, latencyMs: 40 });
      const line = mediaSocket(near, { form: twilioForm(), clock });
      const caller = new TwilioCaller(far, { clock });
      const bot = graph('agent', { clock });
      bot.from(voice).to(line.sink);
      const done = bot.run();
      await clock.run({ until: done });
      fromPcm(Buffer.from(caller.heard.buffer), { sampleRate: 8_000, channels: 1 }).subscribe(sink);
    },
  },
  fromSubject: {
    given: ['voice', 'natsUrl'],
    run: async (voice, natsUrl, sink) => {
      const nats = await connectNats({ servers: natsUrl });
      const [here, there] = [graph('here'), graph('there')];
      here.from(voice).to(toSubject(nats, 'desk.guest'));
      there.from(fromSubject(nats, 'desk.guest', { windowFrames: 256 })).to(sink);
      await Promise.all([here.run(), there.run()]);
      await nats.close();
    },
  },
};

export const told = {
  toMedia: {
    given: ['voice', 'opusFile'],
    run: async (voice, opusFile, tell) => {
      const coder = graph('coder');
      coder.from(voice).to(toMedia(opusFile, { bitrateKbps: 16 }));
      await coder.run();
      const { container, durationMs, audio } = await probeMedia(opusFile);
      tell({ container, durationMs, codec: audio[0].codec });
    },
  },
  toMovie: {
    given: ['voice', 'pattern', 'movieFile'],
    run: async (voice, pattern, movieFile, tell) => {
      const movie = toMovie(movieFile, { video: { frameRate: 10 } });
      const studio = graph('studio');
      studio.from(voice).to(movie.audio);
      studio.from(pattern).to(movie.video);
      await studio.run();
      const { container, durationMs, audio, video } = await probeMedia(movieFile);
      tell({ container, durationMs, sound: audio[0].codec, pictures: video[0].codec });
    },
  },
  toContainer: {
    given: ['voice', 'movFile'],
    run: async (voice, movFile, tell) => {
      const coder = graph('coder');
      coder.from(voice).to(toContainer(movFile, { encoding: 'mu-law', sampleRate: 8_000 }));
      await coder.run();
      const { container, durationMs, audio } = await describeContainer(movFile);
      tell({ container, durationMs, codec: audio[0].codec });
    },
  },
};
// A link has both ends.
heard.toSubject = heard.fromSubject;
