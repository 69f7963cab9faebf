// The models of a conversation: what each kind is, how one is made, and scripted doubles for tests.

// What holds for all

export {
  type Accepts,
  isVoiceModel,
  type ModelSwitch,
  type OpenOptions,
  type PrefetchOptions,
  type PrefetchProgress,
  VOICE_CONTRACT,
  VOICE_MODEL,
  type VoiceKind,
  type VoiceModel,
  type VoiceSession,
  voiceKinds,
} from './model.ts';

// The kinds

export type {
  LanguageModel,
  LanguageModelEvent,
  LanguageModelSession,
  Message,
  ReplyRequest,
  Tool,
  ToolCall,
} from './language-model.ts';
export type { Recognizer, RecognizerEvent, RecognizerSession, TurnMark, Word } from './recognizer.ts';
export type {
  SpeechModel,
  SpeechModelEvent,
  SpeechModelItem,
  SpeechModelSession,
  SpeechReplyEvent,
  SpeechReplyRequest,
  SpeechTurnEvent,
} from './speech-model.ts';
export type { SpeechRequest, Synthesizer, SynthesizerEvent, SynthesizerSession } from './synthesizer.ts';
export type { TurnDetector, TurnDetectorSession, TurnQuestion, TurnVerdict } from './turn-detector.ts';
export type { VoiceDetector, VoiceDetectorEvent, VoiceDetectorSession } from './voice-detector.ts';

// Writing one

export {
  defineVoiceModel,
  type EventOf,
  type ItemOf,
  type SettingsOf,
  type VoiceModelDefinition,
  type VoiceModels,
} from './define-voice-model.ts';
export { openInTime } from './open-in-time.ts';
export { RequestLine } from './request-line.ts';
export type { SessionContext, SessionHandlers } from './session.ts';
export { SpeechSwitch, type SpeechSwitchSettings } from './speech-switch.ts';

// What was said

export {
  Talk,
  type TalkEntry,
  type TalkLine,
  type TalkMark,
  type TalkSpeech,
  type TalkStep,
  type TalkTurn,
  type TalkWord,
  talkOf,
} from './talk.ts';

// Several models as one

export { type FallbackOptions, fallback } from './relay/fallback.ts';
export { type Swap, type SwappableOptions, swappable } from './relay/swappable.ts';

// A recogniser whose decoding would hold up the event loop

export type { Heard, HeardWord, RecognizerDecoder } from './threads/decoder-messages.ts';
export { type RecognizerThread, recognizeInThread } from './threads/recognize-in-thread.ts';
export { serveRecognizer } from './threads/serve-recognizer.ts';

// Doubles with a script

export { type FakeLanguageModelOptions, fakeLanguageModel } from './fakes/fake-language-model.ts';
export { type FakeRecognizerOptions, fakeRecognizer } from './fakes/fake-recognizer.ts';
export {
  type FakeSpeechModelOptions,
  type FakeSpeechReply,
  fakeSpeechModel,
} from './fakes/fake-speech-model.ts';
export { type FakeSynthesizerOptions, fakeSynthesizer } from './fakes/fake-synthesizer.ts';
export { type FakeTurnDetectorOptions, fakeTurnDetector } from './fakes/fake-turn-detector.ts';
export { type FakeVoiceDetectorOptions, fakeVoiceDetector } from './fakes/fake-voice-detector.ts';

// Errors

export {
  categoryOf,
  type ErrorCategory,
  errorCategories,
  isVoiceError,
  type VoiceError,
  type VoiceErrorDetails,
  voiceError,
} from './voice-error.ts';
