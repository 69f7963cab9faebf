import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const alias = {
  '@sluice/core/plugins': source('packages/core/src/plugins/index.ts'),
  '@sluice/core/session': source('packages/core/src/session/index.ts'),
  '@sluice/core/testing': source('packages/core/src/testing/index.ts'),
  '@sluice/core/kernels': source('packages/core/src/kernels/index.ts'),
  '@sluice/core/voice': source('packages/core/src/voice/index.ts'),
  '@sluice/core': source('packages/core/src/index.ts'),
  '@sluice/service/testing': source('packages/service/src/testing/index.ts'),
  '@sluice/service': source('packages/service/src/index.ts'),
  '@sluice/plugin-openai/testing': source('packages/plugin-openai/src/testing/index.ts'),
  '@sluice/plugin-openai': source('packages/plugin-openai/src/index.ts'),
  '@sluice/plugin-minimal': source('packages/plugin-minimal/src/index.ts'),
  'create-sluice': source('packages/create-sluice/src/index.ts'),
  '@sluice/plugin-deepgram/testing': source('packages/plugin-deepgram/src/testing/index.ts'),
  '@sluice/plugin-deepgram': source('packages/plugin-deepgram/src/index.ts'),
  '@sluice/plugin-elevenlabs/testing': source('packages/plugin-elevenlabs/src/testing/index.ts'),
  '@sluice/plugin-elevenlabs': source('packages/plugin-elevenlabs/src/index.ts'),
  '@sluice/plugin-flite': source('packages/plugin-flite/src/index.ts'),
  '@sluice/plugin-espeak': source('packages/plugin-espeak/src/index.ts'),
  '@sluice/plugin-otel': source('packages/plugin-otel/src/index.ts'),
  '@sluice/plugin-ffmpeg': source('packages/plugin-ffmpeg/src/index.ts'),
  '@sluice/plugin-mediabunny': source('packages/plugin-mediabunny/src/index.ts'),
  '@sluice/fleet/testing': source('packages/fleet/src/testing/index.ts'),
  '@sluice/fleet': source('packages/fleet/src/index.ts'),
  '@sluice/inspector': source('packages/inspector/src/index.ts'),
  '@sluice/nodes': source('packages/nodes/src/index.ts'),
  '@sluice/cli': source('packages/cli/src/index.ts'),
  '@sluice/plugin-sound': source('packages/plugin-sound/src/index.ts'),
  '@sluice/plugin-rnnoise': source('packages/plugin-rnnoise/src/index.ts'),
  '@sluice/plugin-vad-fvad': source('packages/plugin-vad-fvad/src/index.ts'),
  '@sluice/plugin-soundswallower': source('packages/plugin-soundswallower/src/index.ts'),
  '@sluice/plugin-vad-silero': source('packages/plugin-vad-silero/src/index.ts'),
  '@sluice/plugin-pocketsphinx': source('packages/plugin-pocketsphinx/src/index.ts'),
  '@sluice/plugin-sherpa-onnx': source('packages/plugin-sherpa-onnx/src/index.ts'),
  '@sluice/plugin-websocket/testing': source('packages/plugin-websocket/src/testing/index.ts'),
  '@sluice/plugin-websocket': source('packages/plugin-websocket/src/index.ts'),
  '@sluice/protocol': source('packages/protocol/src/index.ts'),
  '@sluice/recorder': source('packages/recorder/src/index.ts'),
  '@sluice/scenario': source('packages/scenario/src/index.ts'),
  '@sluice/transport/testing': source('packages/transport/src/testing/index.ts'),
  '@sluice/transport': source('packages/transport/src/index.ts'),
};

/** Tests of one room that need what is outside of this process. */
const outside = 'packages/*/src/**/*.integration.test.ts';

/**
 * Tests that hear, see or time what goes on in real time: calls, sockets that are cut, devices, pages in a browser. Another
 * test beside them would be heard. What is not named here is done when it is done: virtual time, processes that print,
 * files, models that are asked for words.
 */
const inRealTime = [
  'packages/cli/test/doctor-call.test.ts',
  'examples/**/*.test.ts',
  'packages/inspector/test/page/**/*.test.ts',
  'packages/page/test/**/*.test.ts',
  'packages/plugin-ffmpeg/test/live-media.test.ts',
  'packages/plugin-flite/src/pool/child-pool.integration.test.ts',
  'packages/recorder/test/**/*.test.ts',
  'packages/scenario/test/real-call.test.ts',
  'packages/transport/src/{host,testing}/**/*.integration.test.ts',
  'packages/transport/test/**/*.test.ts',
  'test/daily/janus.test.ts',
  'test/faults/real/**/*.test.ts',
  'test/{drained,fenced,interrupted,lips-in-a,people-in-a,pictures-in-a,recorded}-call.test.ts',
  'test/liveness/real/**/*.test.ts',
  'test/noisy-neighbour.test.ts',
  'test/realtime-over-sockets.test.ts',
  'test/soak/real/**/*.test.ts',
];

/**
 * Those whose words and states count, however late they come: no gap, noise, delay, skew or rate is measured in them. Two
 * such calls take less than two cores.
 */
const inTheirTime = [
  'packages/cli/test/doctor-call.test.ts',
  'examples/{02,12,13,14,16,17,18,19,20,21,22,23,24,25,26,28,29,31,32,33}-*/*.test.ts',
  'examples/{bug-report,interview,meeting-recorder,open-room,panel,phone-menu,transcriber,translator-two-rooms}/*.test.ts',
  'examples/voice-agent-{openai,realtime}/*.test.ts',
  'examples/voice-agent/met-in-page.test.ts',
  'packages/inspector/test/page/{bundle,fleets,listen,scenes,session,talk}.test.ts',
  'packages/page/test/{bundle,closed-doors,devices,hostile-sender,markup,owner,scenes,visit}.test.ts',
  'packages/plugin-ffmpeg/test/live-media.test.ts',
  'packages/plugin-flite/src/pool/child-pool.integration.test.ts',
  'packages/recorder/test/{hidden-recorder,room-program,room-transcriber}.test.ts',
  'packages/transport/test/{advice,bundle,call-client,call-control,embedded-room,http-proxy,janus-cascade,janus-faults,janus-media,janus-program,janus-rejoin,janus-room,lan-room}.test.ts',
  'packages/transport/test/{mutated-requests,native-vad,programs,relay,room-doors,room-programs,room-server-limits}.test.ts',
  'packages/transport/src/host/child/hostile-engine.integration.test.ts',
  'packages/transport/test/{call-events,daily-call,devices-in-a-call,foreign-whip,publishing-call,serving-calls,staged,virtual-host}.test.ts',
  'packages/transport/test/{whip,whip-restart}.test.ts',
  'packages/transport/test/browser/whip-in-chromium.test.ts',
  'test/daily/janus.test.ts',
  'test/liveness/real/**/*.test.ts',
];

/** Tests of one room that put doubles in place of modules: such a file is for itself. */
const withDoubles = [
  'packages/plugin-rnnoise/src/load-rnnoise.test.ts',
  'packages/plugin-vad-fvad/src/load-fvad.test.ts',
  'packages/transport/src/room/embedded/signalling.test.ts',
  'packages/transport/src/vad/fvad-judge.test.ts',
];

/** Two files at once, for two cores: vitest by itself leaves one of two to itself. */
const pair = { maxWorkers: 2 };

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'bench/src/**/*.test.ts'],
          exclude: [outside, ...withDoubles],
          testTimeout: 20_000,
          // Loading what they share anew for each of 360 files takes as long as half of the tests.
          isolate: false,
          ...pair,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'integration',
          include: [outside, ...withDoubles, 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: inRealTime,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...pair,
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'calls',
          include: inTheirTime,
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...pair,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // One file at a time, so that two cores are enough. A machine that stands still for a moment breaks what is heard
        // in real time: such a test is tried once more, and what needed it is printed.
        resolve: { alias },
        test: {
          name: 'realtime',
          include: inRealTime,
          exclude: inTheirTime,
          fileParallelism: false,
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
