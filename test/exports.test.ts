import * as cli from '@sluice/cli';
import * as core from '@sluice/core';
import * as coreDrawing from '@sluice/core/drawing';
import * as kernels from '@sluice/core/kernels';
import * as corePlugins from '@sluice/core/plugins';
import * as coreSession from '@sluice/core/session';
import * as coreTesting from '@sluice/core/testing';
import * as coreVoice from '@sluice/core/voice';
import * as fleet from '@sluice/fleet';
import * as fleetTesting from '@sluice/fleet/testing';
import * as inspector from '@sluice/inspector';
import * as nodes from '@sluice/nodes';
import * as pluginDeepgram from '@sluice/plugin-deepgram';
import * as pluginDeepgramTesting from '@sluice/plugin-deepgram/testing';
import * as pluginElevenlabs from '@sluice/plugin-elevenlabs';
import * as pluginElevenlabsTesting from '@sluice/plugin-elevenlabs/testing';
import * as pluginEspeak from '@sluice/plugin-espeak';
import * as pluginFfmpeg from '@sluice/plugin-ffmpeg';
import * as pluginFlite from '@sluice/plugin-flite';
import * as pluginMediabunny from '@sluice/plugin-mediabunny';
import * as pluginMinimal from '@sluice/plugin-minimal';
import * as pluginOpenai from '@sluice/plugin-openai';
import * as pluginOpenaiTesting from '@sluice/plugin-openai/testing';
import * as pluginOtel from '@sluice/plugin-otel';
import * as pluginPocketsphinx from '@sluice/plugin-pocketsphinx';
import * as pluginRnnoise from '@sluice/plugin-rnnoise';
import * as pluginSherpaOnnx from '@sluice/plugin-sherpa-onnx';
import * as pluginSound from '@sluice/plugin-sound';
import * as pluginSoundswallower from '@sluice/plugin-soundswallower';
import * as pluginVadFvad from '@sluice/plugin-vad-fvad';
import * as pluginVadSilero from '@sluice/plugin-vad-silero';
import * as pluginWebsocket from '@sluice/plugin-websocket';
import * as pluginWebsocketTesting from '@sluice/plugin-websocket/testing';
import * as protocol from '@sluice/protocol';
import * as recorder from '@sluice/recorder';
import * as scenario from '@sluice/scenario';
import * as service from '@sluice/service';
import * as serviceTesting from '@sluice/service/testing';
import * as transport from '@sluice/transport';
import * as transportTesting from '@sluice/transport/testing';
import * as createSluice from 'create-sluice';
import { expect, it } from 'vitest';

const entries = {
  cli,
  core,
  corePlugins,
  coreDrawing,
  coreSession,
  coreTesting,
  coreVoice,
  createSluice,
  fleet,
  fleetTesting,
  inspector,
  kernels,
  nodes,
  pluginMinimal,
  pluginRnnoise,
  pluginSound,
  pluginVadFvad,
  pluginSoundswallower,
  pluginVadSilero,
  pluginPocketsphinx,
  pluginSherpaOnnx,
  pluginFlite,
  pluginDeepgram,
  pluginDeepgramTesting,
  pluginElevenlabs,
  pluginElevenlabsTesting,
  pluginEspeak,
  pluginFfmpeg,
  pluginMediabunny,
  pluginOtel,
  pluginWebsocket,
  pluginWebsocketTesting,
  protocol,
  pluginOpenai,
  pluginOpenaiTesting,
  recorder,
  scenario,
  service,
  serviceTesting,
  transport,
  transportTesting,
};

// A changed snapshot is a changed product: think of the changeset.
it.each(Object.entries(entries))('%s exports', async (name, entry) => {
  await expect(`${Object.keys(entry).sort().join('\n')}\n`).toMatchFileSnapshot(`exports/${name}.txt`);
});
