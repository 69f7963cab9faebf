// Sources

export type { Waveform } from './kernels/audio/waveform.ts';
export { type FromDtmfOptions, fromDtmf } from './sources/from-dtmf.ts';
export { type FromFramesOptions, fromFrames } from './sources/from-frames.ts';
export { type FromImageOptions, fromImage } from './sources/from-image.ts';
export { type FromImagesOptions, fromImages } from './sources/from-images.ts';
export { type FromPcmOptions, fromPcm } from './sources/from-pcm.ts';
export { type FromRawVideoOptions, fromRawVideo } from './sources/from-raw-video.ts';
export { type FromSilenceOptions, fromSilence } from './sources/from-silence.ts';
export { type FromSyncBeepsOptions, fromSyncBeeps } from './sources/from-sync-beeps.ts';
export { type FromTestPatternOptions, fromTestPattern } from './sources/from-test-pattern.ts';
export { type FromToneOptions, fromTone } from './sources/from-tone.ts';
export { type FromWavOptions, fromWav } from './sources/from-wav.ts';
export { type FromWavFileOptions, fromWavFile } from './sources/from-wav-file.ts';
export { type FromY4mFileOptions, fromY4mFile } from './sources/from-y4m-file.ts';

// Operators

export { type DelayOptions, delay } from './audio/delay.ts';
export { type DetectDtmfOperator, type DetectDtmfOptions, type DtmfDigit, detectDtmf } from './audio/detect-dtmf.ts';
export { type FadeOptions, fade } from './audio/fade.ts';
export { type GainOperator, type GainOptions, gain } from './audio/gain.ts';
export { type ChannelLevel, type LevelOperator, type LevelOptions, type LevelReading, level } from './audio/level.ts';
export { type MixInput, type MixOptions, mix } from './audio/mix/mix.ts';
export { type AddInputOptions, Mixer, type MixerOptions } from './audio/mix/mixer.ts';
export type { DuckOptions } from './audio/mix/mixer-ducker.ts';
export type { MixerInput } from './audio/mix/mixer-input.ts';
export type { MixerInputOptions, MixerInputStatistics } from './audio/mix/mixer-input-options.ts';
export { type MixerNodeOptions, mixer } from './audio/mix/mixer-node.ts';
export { type NoiseGateOptions, noiseGate } from './audio/noise-gate.ts';
export { type RechunkOptions, rechunk } from './audio/rechunk.ts';
export { type RemixOptions, remix } from './audio/remix.ts';
export { type ResampleOptions, resample } from './audio/resample.ts';
export { type TrimSilenceOptions, trimSilence } from './audio/trim-silence.ts';
export { type LatestOperator, type LatestStatistics, latest } from './flow/latest.ts';
export { type LoopOptions, loop } from './flow/loop.ts';
export { type MeterOperator, type MeterReading, meter } from './flow/meter.ts';
export { type PaceOperator, type PaceOptions, pace } from './flow/pace.ts';
export type { PacedFrame, PaceStatistics } from './flow/pacer.ts';
export { type Switch, type SwitchToOptions, switchTo } from './flow/switch-to.ts';
export { type TapObserver, tap } from './flow/tap.ts';
export { type TeeOptions, tee } from './flow/tee.ts';
export { type ValveOperator, type ValveOptions, valve } from './flow/valve.ts';
export { type FadeShape, fadeShapes } from './kernels/audio/fade-curve.ts';
export { type ScaleFilter, scaleFilters } from './kernels/video/scale-axis.ts';
export { type BlankOperator, type BlankOptions, blank } from './video/blank.ts';
export { type BrightnessOperator, type BrightnessOptions, brightness } from './video/brightness.ts';
export { composite } from './video/composite/composite.ts';
export type {
  CompositeInput,
  CompositeInputOptions,
  CompositeInputStatistics,
} from './video/composite/composite-input.ts';
export type { CompositeOptions } from './video/composite/composite-settings.ts';
export { type AddPictureOptions, Compositor, type CompositorOptions } from './video/composite/compositor.ts';
export {
  type CompositeLayout,
  type CompositeLayoutKind,
  compositeLayouts,
  type FreeLayout,
  type GridLayout,
  type InsetCorner,
  type InsetLayout,
  insetCorners,
} from './video/composite/layout.ts';
export { type CompositeFit, type CompositePlace, compositeFits } from './video/composite/place.ts';
export { type ConvertColorOptions, convertColor } from './video/convert-color.ts';
export { type CropOptions, crop } from './video/crop.ts';
export { type FlipDirection, type FlipOptions, flip, flipDirections } from './video/flip.ts';
export { type FrameRateOperator, frameRate } from './video/frame-rate.ts';
export { grayscale } from './video/grayscale.ts';
export { eachPixel, mapPixels, type PixelColor, type PixelPicture } from './video/map-pixels.ts';
export type { OverlayContent } from './video/overlay/content.ts';
export {
  type OverlayOperator,
  type OverlayOptions,
  type OverlaySource,
  overlay,
} from './video/overlay/overlay.ts';
export type { HorizontalAnchor, OverlayPlace, VerticalAnchor } from './video/overlay/place.ts';
export type { TextStyle } from './video/overlay/text-svg.ts';
export type { FrameRateStatistics } from './video/picture/frame-rate-converter.ts';
export { type RepeatLastOperator, type RepeatLastOptions, repeatLast } from './video/repeat-last.ts';
export { type RotateOptions, type Rotation, rotate, rotations } from './video/rotate.ts';
export { type ScaleOptions, scale } from './video/scale.ts';

// Sinks

export { type FramesSink, type ToFramesOptions, toFrames } from './sinks/to-frames.ts';
export { type ImageFilesResult, type ToImageFilesOptions, toImageFiles } from './sinks/to-image-files.ts';
export { type MjpegSink, type MjpegStatistics, type ToMjpegOptions, toMjpeg } from './sinks/to-mjpeg.ts';
export { type NullResult, toNull } from './sinks/to-null.ts';
export { type PcmResult, type ToPcmOptions, toPcm } from './sinks/to-pcm.ts';
export { type RawVideoResult, type ToRawVideoOptions, toRawVideo } from './sinks/to-raw-video.ts';
export { type ToWavFileOptions, toWavFile, type WavFileResult } from './sinks/to-wav-file.ts';
export { type ToY4mFileOptions, toY4mFile, type Y4mCadence, type Y4mFileResult } from './sinks/to-y4m-file.ts';

// Conversations

export type { AgentMetrics, MsFigures } from './voice/agent/agent-metrics.ts';
export type { ModelsToUse } from './voice/agent/agent-models.ts';
export type {
  AgentBounds,
  AgentEvent,
  AgentFiller,
  SpeakingSink,
  VoiceAgentOptions,
} from './voice/agent/agent-options.ts';
export { voiceAgent } from './voice/agent/agent-session.ts';
export type { AgentTool, ToolContext } from './voice/agent/agent-tool.ts';
export type { ConversationHistory, HistoryLine } from './voice/agent/conversation-history.ts';
export { ConversationLog, type LogEntry } from './voice/agent/conversation-log.ts';
export type { SessionState } from './voice/agent/liveness.ts';
export { partsOf, type TurnPart, type TurnTrace } from './voice/agent/turn-trace.ts';
export type { SayOptions, VoiceAgent } from './voice/agent/voice-agent.ts';
export { type EchoGuardOptions, echoGuard } from './voice/echo/echo-guard.ts';
export {
  type EchoReference,
  type EchoReferenceOptions,
  echoReference,
  type MarkingReceipt,
} from './voice/echo/echo-reference.ts';
export { type TranscribeOptions, transcribe } from './voice/hearing/transcribe.ts';
export { type VadOptions, vad } from './voice/hearing/vad.ts';
export {
  alone,
  anyOf,
  byName,
  everyone,
  type LastPartnerOptions,
  lastPartner,
} from './voice/people/address-strategies.ts';
export type { Addressed, AddressSituation, AddressStrategy } from './voice/people/address-strategy.ts';
export type { AgentManners, AttentionOptions, Interrupters } from './voice/people/attention.ts';
export type { Overlap, Speaker, SpeakerLeft, SpokenLine } from './voice/people/speaker.ts';
export type { SpeakerOptions } from './voice/people/speaker-options.ts';
export { type RealtimeAgent, realtimeAgent } from './voice/realtime/realtime-agent.ts';
export type { RealtimeAgentOptions, RealtimeBounds } from './voice/realtime/realtime-options.ts';
export {
  type ConversationRecording,
  type MarkedReceipt,
  type RecordConversationOptions,
  recordConversation,
} from './voice/recording/record-conversation.ts';
export { SayQueue, type SayQueueOptions, type Utterance as SayUtterance } from './voice/saying/say-queue.ts';
export { type SpeakOptions, speak } from './voice/saying/speak.ts';
export type { SpokenReceipt } from './voice/saying/spoken-receipt.ts';
export type { HeardWord, Spoken } from './voice/saying/utterance.ts';
export { type Sentence, SentenceSplitter, type SentenceSplitterOptions } from './voice/text/sentence-splitter.ts';
export { type RecognizerTurnsOptions, recognizerTurns } from './voice/turns/recognizer-turns.ts';
export { type SustainedOptions, sustained } from './voice/turns/sustained.ts';
export type { Turn } from './voice/turns/turn.ts';
export {
  type BackChannelsOptions,
  backChannels,
  type ExternalTurns,
  externalTurns,
  type JudgedOptions,
  judged,
  type MinimumWordsOptions,
  minimumWords,
  type PushToTalk,
  pushToTalk,
  type SilenceOptions,
  silence,
} from './voice/turns/turn-strategies.ts';
export type { InterruptionVerdict, TurnFloor, TurnState, TurnStrategy } from './voice/turns/turn-strategy.ts';
export { TurnTaker } from './voice/turns/turn-taker.ts';
export type { TurnTakerOptions } from './voice/turns/turn-taker-options.ts';
export {
  type SayFrame,
  type SpeechFrame,
  type SpokenFrame,
  sayFrame,
  type TranscriptFrame,
} from './voice/voice-frames.ts';

// Reading test signals, frame rates, ends of streams

export type { ByteInput } from './formats/byte-io/byte-input.ts';
export type { ByteSource } from './formats/byte-io/byte-source.ts';
export type { ByteTarget } from './formats/byte-io/byte-target.ts';
export { type ImageEncoding, imageEncodings } from './formats/image/encode-picture.ts';
export type { ImageFileInfo, ImageFileNames } from './formats/image/image-file-names.ts';
export type { ImageInput } from './formats/image/image-input.ts';
export { type ImageFit, imageFits } from './formats/image/image-shape.ts';
export { type ImageTolerance, imageTolerances } from './formats/image/image-tolerance.ts';
export type { TruncatedPolicy } from './formats/picture-puller.ts';
export type { Color } from './options/color.ts';
export type { ExactFrameRate, FrameRate } from './options/exact-frame-rate.ts';
export type { Slide } from './sources/slide.ts';
export type { BrokenImagePolicy } from './sources/slide-show.ts';
export {
  type ReadTestPatternOptions,
  readTestPattern,
  type TestPatternReading,
} from './video/pattern/read-test-pattern.ts';

// Errors

export { type NodesErrorCode, nodesErrorCodes } from './errors.ts';
