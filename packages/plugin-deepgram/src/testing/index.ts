// A local server that speaks as Deepgram does, for tests and examples.

export { type DeepgramServer, type DeepgramServerOptions, startDeepgramServer } from './start-deepgram-server.ts';
