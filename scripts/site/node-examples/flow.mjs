// Examples of what passes streams on, by time and by choice. See examples.mjs.
import { bounded, filterFrames, graph, inWorker, mapAsync, mapFrames } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import * as nodes from '@sluice/nodes';
import { agc } from '@sluice/plugin-sound';
import { delay as laterBy } from 'rxjs';

const { convertColor, frameRate, fromTestPattern, fromWavFile, gain, latest, meter, mixer, pace, rechunk } = nodes;
const { repeatLast, switchTo, tap, tee, toNull, valve } = nodes;

export const heard = {
  inWorker: {
    given: ['voice'],
    run: (voice) =>
      voice.pipe(
        inWorker({
          module: new URL(import.meta.resolve('@sluice/nodes')),
          exportName: 'gain',
          options: { db: -12 },
          // The first frame waits until the module is loaded there.
          timeoutMs: 60_000,
        }),
      ),
  },
  agc: { given: ['quiet'], run: (quiet) => quiet.pipe(agc({ targetLufs: -18 })) },
  valve: {
    given: ['voice'],
    run: (voice) => {
      const mute = valve({ whenClosed: 'silence' });
      return voice.pipe(
        tap(({ timestamp }) => mute.setOpen(timestamp < 800_000 || timestamp > 2_000_000)),
        mute,
      );
    },
  },
  switchTo: {
    given: ['voiceFile', 'musicFile'],
    run: async (voiceFile, musicFile, sink) => {
      const clock = new VirtualClock();
      const bot = graph('line', { clock });
      const inputs = {
        music: fromWavFile(musicFile, { live: true, end: 3 }),
        voice: fromWavFile(voiceFile, { live: true, end: 3 }),
      };
      const line = switchTo({ inputs, crossFadeMs: 300 });
      bot.from(line).to(sink);
      clock.at(1_500, () => line.select('voice'));
      const done = bot.run();
      await clock.run({ until: done });
    },
  },
  mixer: {
    given: ['voice', 'music'],
    run: async (voice, music, sink) => {
      const bot = graph('mix');
      const desk = bot.add(mixer({ timing: 'inputs', sampleRate: 16_000 }));
      bot.from(voice).to(desk.input('voice'));
      bot.from(music).to(desk.input('music', { gainDb: -10 }));
      desk.out.out.to(sink);
      await bot.run();
    },
  },
};

export const seen = {
  convertColor: { given: ['hills'], run: (hills) => hills.pipe(convertColor({ format: 'RGBA' })) },
};

export const told = {
  tap: {
    given: ['pattern'],
    run: (pattern, tell) => pattern.pipe(tap(({ timestamp, format }) => tell({ timestamp, format }))),
  },
  meter: {
    given: ['voice'],
    run: async (voice, tell) => {
      const [passed, sink] = [meter(), toNull()];
      voice.pipe(passed).subscribe(sink);
      await sink.finished;
      const { frames, mediaMs, gaps, missingMs } = passed.read();
      tell({ frames, mediaMs, gaps, missingMs });
    },
  },
  rechunk: {
    given: ['voice'],
    run: (voice, tell) =>
      voice.pipe(
        rechunk({ ms: 700 }),
        tap(({ timestamp, length }) => tell({ timestamp, length })),
      ),
  },
  pace: {
    given: ['voice'],
    run: async (voice, tell) => {
      const clock = new VirtualClock();
      const bot = graph('paced', { clock });
      bot
        .from(voice)
        .pipe(
          rechunk({ ms: 500 }),
          pace(),
          tap(({ timestamp }) => tell({ timestamp, leftAtMs: clock.now() })),
        )
        .to(toNull());
      const done = bot.run();
      await clock.run({ until: done });
    },
  },
  tee: {
    given: ['voice'],
    run: async (voice, tell) => {
      const branches = tee(voice, { branches: 2 });
      const sinks = branches.map(() => toNull());
      branches[0].pipe(gain({ db: -6 })).subscribe(sinks[0]);
      branches[1].subscribe(sinks[1]);
      for (const sink of sinks) tell(await sink.finished);
    },
  },
  frameRate: {
    given: ['pattern'],
    run: (pattern, tell) =>
      pattern.pipe(
        frameRate(30),
        tap(({ timestamp }) => tell({ timestamp })),
      ),
  },
  latest: {
    run: async (tell) => {
      const clock = new VirtualClock();
      const newest = latest();
      const bot = graph('busy', { clock });
      // 25 pictures in a second, of which a receiver takes one in 200 ms.
      const slowly = (frame) => new Promise((done) => clock.at(clock.now() + 200, () => done(frame)));
      bot
        .from(fromTestPattern({ width: 64, height: 36, frameRate: 25, duration: 1, live: true }))
        .pipe(newest, mapAsync(slowly, { tracked: false }))
        .to({ next: ({ timestamp }) => tell({ timestamp, shownAtMs: clock.now() }) });
      const done = bot.run();
      await clock.run({ until: done });
    },
  },
  repeatLast: {
    run: async (tell) => {
      const clock = new VirtualClock();
      const bot = graph('still', { clock });
      // Two pictures a second; what is shown wants five.
      bot
        .from(fromTestPattern({ width: 64, height: 36, frameRate: 2, duration: 1, live: true }))
        .pipe(repeatLast({ frameRate: 5, afterMs: 200 }))
        .to({ next: ({ timestamp }) => tell({ timestamp }) });
      const done = bot.run();
      await clock.run({ until: done });
    },
  },
  mapFrames: {
    given: ['voice'],
    run: async (voice, tell) => {
      const later = mapFrames((frame) => frame.move({ timestamp: frame.timestamp + 500_000 }));
      const sink = toNull();
      let first;
      voice
        .pipe(
          later,
          tap(({ timestamp }) => {
            first ??= timestamp;
          }),
        )
        .subscribe(sink);
      const { frames } = await sink.finished;
      tell({ frames, first });
    },
  },
  filterFrames: {
    given: ['voice'],
    run: async (voice, tell) => {
      const sink = toNull();
      let given = 0;
      voice
        .pipe(
          tap(() => void given++),
          filterFrames((_, index) => index % 2 === 0),
        )
        .subscribe(sink);
      const { frames } = await sink.finished;
      tell({ given, frames });
    },
  },
  mapAsync: {
    given: ['voice'],
    run: async (voice, tell) => {
      let inFlight = 0;
      let most = 0;
      const sink = toNull();
      const project = async (frame) => {
        most = Math.max(most, ++inFlight);
        await new Promise(setImmediate);
        inFlight--;
        return frame;
      };
      voice.pipe(mapAsync(project, { maxInFlight: 4 })).subscribe(sink);
      const { frames } = await sink.finished;
      tell({ frames, most });
    },
  },
  bounded: {
    given: ['voice'],
    run: async (voice, tell) => {
      let [given, taken, most] = [0, 0, 0];
      const bot = graph('bounded');
      bot
        .from(voice)
        .pipe(
          tap(() => {
            most = Math.max(most, ++given - taken);
          }),
          bounded(laterBy(5), { maxInFlight: 8 }),
        )
        .to({ next: () => void taken++ });
      await bot.run();
      tell({ given, taken, most });
    },
  },
};
