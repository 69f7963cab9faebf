// A local server that speaks as ElevenLabs does, for tests and examples.

export {
  type ElevenLabsServer,
  type ElevenLabsServerOptions,
  startElevenLabsServer,
} from './start-eleven-labs-server.ts';
