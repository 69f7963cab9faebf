import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const alias = {
  '@sluice/core/plugins': source('packages/core/src/plugins/index.ts'),
  '@sluice/core/drawing': source('packages/core/src/drawing/index.ts'),
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
 * Tests that hear, see or time what goes on in real time: calls, sockets that are cut, devices, pages in a browser. Two of them
 * at once take less than two cores. What is not named here is done when it is done: virtual time, processes that print,
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
  'packages/scenario/test/{command,real-call}.test.ts',
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

/** Those that measure what another test beside them would be heard in: noise, skew, rates, packets and pictures that are lost. */
const alone = [
  'examples/{07-manage-tracks,10-mixing-desk}/*.test.ts',
  'packages/page/test/call.test.ts',
  'packages/transport/src/testing/{impair,probe}.integration.test.ts',
  'packages/transport/test/{glitches,room-under-attack,video-rates}.test.ts',
  'test/faults/real/**/*.test.ts',
  'test/{lips,people,pictures}-in-a-call.test.ts',
  'test/noisy-neighbour.test.ts',
];

/**
 * Those that leave nothing behind in their process: virtual time, files, sockets that they close. Loading the packages anew for
 * each of them takes longer than most of them do. Who changes the environment, counts memory, reads coverage, has an engine or a
 * model of native code in its process, or a module of its own that keeps a state, is for itself.
 */
const together = [
  'packages/core/test/{emission,faults,formats,hidden-frames,law,life,nodes,pictures,stall}.test.ts',
  'packages/inspector/test/{fleets,inspector,record-inspection}.test.ts',
  'packages/nodes/test/{channel-mask,file-graph,joins,node-conformance,video-file-graph,video-operator-checklist}.test.ts',
  'packages/plugin-deepgram/test/{recognition,service,speech}.integration.test.ts',
  'packages/plugin-elevenlabs/test/*.integration.test.ts',
  'packages/plugin-mediabunny/test/{from-container,mutated-containers}.test.ts',
  'packages/plugin-openai/test/{chat,heard-by,realtime,speech,transcription}.test.ts',
  'packages/plugin-otel/test/telemetry.test.ts',
  'packages/plugin-websocket/test/{media-socket,sockets,twilio-call}.test.ts',
  'packages/scenario/test/several-people.test.ts',
  'packages/service/test/{kept-socket,service-checks}.test.ts',
  'test/{clauses-of-janus-and-fleets,echo-guard,nodes-page,otel-conversation,our-plugins,realtime-agent}.test.ts',
  'test/{seeded-faults,services-that-change,sessions,spoken-scenario}.test.ts',
  'test/voice-{agent,context,head-start,history,swap}.test.ts',
  'test/pains/{contexts,echoes,endings,interruptions,latencies,pains,services,several-people}.test.ts',
];

/** Tests of one room that put doubles in place of modules: such a file is for itself. */
const withDoubles = [
  'packages/cli/src/commands/scenario.test.ts',
  'packages/plugin-rnnoise/src/load-rnnoise.test.ts',
  'packages/plugin-vad-fvad/src/load-fvad.test.ts',
  'packages/transport/src/room/embedded/signalling.test.ts',
  'packages/transport/src/vad/fvad-judge.test.ts',
];

/** What is waited for may take its time where two files share a machine with others: vitest gives up after a second. */
const patient = { expect: { poll: { timeout: 10_000 } } };
/** Two files at once, for two cores: vitest by itself leaves one of two to itself. */
const pair = { maxWorkers: 2, ...patient };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
          exclude: [...inRealTime, ...together],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...pair,
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'together',
          include: together,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          isolate: false,
          ...pair,
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'calls',
          include: inRealTime,
          exclude: alone,
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
          include: alone,
          fileParallelism: false,
          ...patient,
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
