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
  '@sluice/nodes': source('packages/nodes/src/index.ts'),
  '@sluice/plugin-rnnoise': source('packages/plugin-rnnoise/src/index.ts'),
  '@sluice/plugin-vad-fvad': source('packages/plugin-vad-fvad/src/index.ts'),
  '@sluice/plugin-soundswallower': source('packages/plugin-soundswallower/src/index.ts'),
  '@sluice/plugin-vad-silero': source('packages/plugin-vad-silero/src/index.ts'),
  '@sluice/plugin-pocketsphinx': source('packages/plugin-pocketsphinx/src/index.ts'),
  '@sluice/plugin-sherpa-onnx': source('packages/plugin-sherpa-onnx/src/index.ts'),
  '@sluice/protocol': source('packages/protocol/src/index.ts'),
  '@sluice/recorder': source('packages/recorder/src/index.ts'),
  '@sluice/scenario': source('packages/scenario/src/index.ts'),
  '@sluice/transport/testing': source('packages/transport/src/testing/index.ts'),
  '@sluice/transport': source('packages/transport/src/index.ts'),
};

/** Tests of one room that need what is outside of this process. */
const outside = 'packages/*/src/**/*.integration.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'bench/src/**/*.test.ts'],
          exclude: [outside],
          testTimeout: 20_000,
        },
      },
      {
        // Real sockets, processes and WebRTC: one file at a time, so that two cores are enough.
        resolve: { alias },
        test: {
          name: 'integration',
          include: [outside, 'packages/*/test/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
