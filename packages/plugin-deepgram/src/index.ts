// Models of Deepgram: recognition, recognition that knows turns, speech.

export type { DeepgramOptions } from './access/deepgram-options.ts';
export { type DeepgramFluxOptions, type DeepgramFluxSettings, deepgramFlux } from './flux/deepgram-flux.ts';
export { type DeepgramListenOptions, type DeepgramListenSettings, deepgramListen } from './listen/deepgram-listen.ts';
export { type DeepgramSpeakOptions, type DeepgramSpeakSettings, deepgramSpeak } from './speak/deepgram-speak.ts';
