// Examples of where streams begin and end: files, bytes, counters. See examples.mjs.
import { createReadStream, createWriteStream } from 'node:fs';
import { graph } from '@sluice/core';
import * as nodes from '@sluice/nodes';

const {
  fromFrames,
  fromPcm,
  fromRawVideo,
  fromSilence,
  fromTestPattern,
  fromWav,
  fromWavFile,
  fromY4mFile,
  rechunk,
  sayFrame,
  tap,
} = nodes;
const { toFrames, toImageFiles, toMjpeg, toNull, toPcm, toRawVideo, toWavFile, toY4mFile } = nodes;

export const heard = {
  fromWavFile: { given: ['voiceFile'], run: (voiceFile) => fromWavFile(voiceFile, { start: 0.5, end: 2 }) },
  fromWav: { given: ['voiceFile'], run: (voiceFile) => fromWav(createReadStream(voiceFile)) },
  fromPcm: {
    given: ['voiceFile'],
    // Behind the header of 44 bytes, three seconds.
    run: (voiceFile) =>
      fromPcm(createReadStream(voiceFile, { start: 44, end: 96_043 }), { sampleRate: 16_000, channels: 1 }),
  },
};

export const seen = {
  fromY4mFile: {
    given: ['pattern', 'y4mFile'],
    run: async (pattern, y4mFile, sink) => {
      const written = toY4mFile(y4mFile, { frameRate: 10 });
      pattern.subscribe(written);
      await written.finished;
      fromY4mFile(y4mFile).subscribe(sink);
    },
  },
  fromRawVideo: {
    given: ['hills', 'rawFile'],
    run: async (hills, rawFile, sink) => {
      const written = toRawVideo(rawFile, { format: 'RGBA' });
      hills.subscribe(written);
      await written.finished;
      fromRawVideo(rawFile, { width: 320, height: 180, format: 'RGBA', frameRate: 10 }).subscribe(sink);
    },
  },
};

export const told = {
  fromSilence: {
    run: (tell) =>
      fromSilence({ sampleRate: 16_000, duration: 0.05 }).pipe(
        tap(({ timestamp, samples }) => tell({ timestamp, length: samples.length, peak: Math.max(...samples) })),
      ),
  },
  toMjpeg: {
    run: async (tell) => {
      const viewers = toMjpeg();
      const bot = graph('window');
      bot.from(fromTestPattern({ width: 320, height: 180, frameRate: 25, live: true })).to(viewers);
      await bot.start();
      const picture = await fetch(`${await viewers.url}picture.jpg`);
      tell({ status: picture.status, type: picture.headers.get('content-type') });
      await bot.stop();
    },
  },
  fromFrames: {
    run: (tell) =>
      fromFrames([sayFrame('greeting', 'Hello there.'), sayFrame('greeting', 'How are you?')]).pipe(
        tap(({ kind, text, utterance }) => tell({ kind, text, utterance })),
      ),
  },
  toFrames: {
    given: ['voice'],
    run: async (voice, tell) => {
      const sink = toFrames();
      voice.pipe(rechunk({ ms: 1_000 })).subscribe(sink);
      for (const { timestamp, length, sampleRate } of await sink.finished) tell({ timestamp, length, sampleRate });
    },
  },
  toNull: {
    given: ['voice'],
    run: async (voice, tell) => {
      const sink = toNull();
      voice.subscribe(sink);
      tell(await sink.finished);
    },
  },
  toWavFile: {
    given: ['voice', 'wavFile'],
    run: async (voice, wavFile, tell) => {
      const sink = toWavFile(wavFile, { sampleRate: 8_000 });
      voice.subscribe(sink);
      const { sampleRate, channels, duration } = await sink.finished;
      tell({ sampleRate, channels, duration });
    },
  },
  toPcm: {
    given: ['voice', 'rawFile'],
    run: async (voice, rawFile, tell) => {
      const sink = toPcm(createWriteStream(rawFile), { sampleRate: 8_000 });
      voice.subscribe(sink);
      tell(await sink.finished);
    },
  },
  toY4mFile: {
    given: ['pattern', 'y4mFile'],
    run: async (pattern, y4mFile, tell) => {
      // Of ten pictures a second twenty-five: repeated, and counted.
      const sink = toY4mFile(y4mFile, { frameRate: 25 });
      pattern.subscribe(sink);
      const { frames, repeated, dropped } = await sink.finished;
      tell({ frames, repeated, dropped });
    },
  },
  toRawVideo: {
    given: ['pattern', 'rawFile'],
    run: async (pattern, rawFile, tell) => {
      const sink = toRawVideo(rawFile, { format: 'RGB' });
      pattern.subscribe(sink);
      tell(await sink.finished);
    },
  },
  toImageFiles: {
    given: ['pattern', 'pictureFile'],
    run: async (pattern, pictureFile, tell) => {
      const sink = toImageFiles(() => pictureFile, { every: 1, encoding: 'webp' });
      pattern.subscribe(sink);
      const { files, bytes } = await sink.finished;
      tell({ files, bytes });
    },
  },
};
