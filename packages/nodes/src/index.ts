// Sources

export { type FromFramesOptions, fromFrames } from './from-frames.ts';
export { type FromImageOptions, fromImage } from './from-image.ts';
export { type FromImagesOptions, fromImages } from './from-images.ts';
export { type FromPcmOptions, fromPcm } from './from-pcm.ts';
export { type FromRawVideoOptions, fromRawVideo } from './from-raw-video.ts';
export { type FromSilenceOptions, fromSilence } from './from-silence.ts';
export { type FromSyncBeepsOptions, fromSyncBeeps } from './from-sync-beeps.ts';
export { type FromTestPatternOptions, fromTestPattern } from './from-test-pattern.ts';
export { type FromToneOptions, fromTone } from './from-tone.ts';
export { type FromWavOptions, fromWav } from './from-wav.ts';
export { type FromWavFileOptions, fromWavFile } from './from-wav-file.ts';
export { type FromY4mFileOptions, fromY4mFile } from './from-y4m-file.ts';
export type { Waveform } from './kernels/waveform.ts';

// Operators

export { type BlankOperator, type BlankOptions, blank } from './blank.ts';
export { type BrightnessOperator, type BrightnessOptions, brightness } from './brightness.ts';
export type { CompositeInput, CompositeInputOptions, CompositeInputStatistics } from './composite/composite-input.ts';
export type { CompositeOptions } from './composite/composite-settings.ts';
export {
  type CompositeLayout,
  type CompositeLayoutKind,
  compositeLayouts,
  type FreeLayout,
  type GridLayout,
  type InsetCorner,
  type InsetLayout,
  insetCorners,
} from './composite/layout.ts';
export { type CompositeFit, type CompositePlace, compositeFits } from './composite/place.ts';
export { composite } from './composite.ts';
export { type AddPictureOptions, Compositor, type CompositorOptions } from './compositor.ts';
export { type ConvertColorOptions, convertColor } from './convert-color.ts';
export { type CropOptions, crop } from './crop.ts';
export { type DelayOptions, delay } from './delay.ts';
export { type FadeOptions, fade } from './fade.ts';
export { type FlipDirection, type FlipOptions, flip, flipDirections } from './flip.ts';
export { type FrameRateOperator, frameRate } from './frame-rate.ts';
export { type GainOperator, type GainOptions, gain } from './gain.ts';
export { grayscale } from './grayscale.ts';
export { type FadeShape, fadeShapes } from './kernels/fade-curve.ts';
export { type ScaleFilter, scaleFilters } from './kernels/scale-axis.ts';
export { type LatestOperator, type LatestStatistics, latest } from './latest.ts';
export { type ChannelLevel, type LevelOperator, type LevelOptions, type LevelReading, level } from './level.ts';
export { type LoopOptions, loop } from './loop.ts';
export { eachPixel, mapPixels, type PixelColor, type PixelPicture } from './map-pixels.ts';
export { type MeterOperator, type MeterReading, meter } from './meter.ts';
export { type MixInput, type MixOptions, mix } from './mix.ts';
export { type AddInputOptions, Mixer, type MixerOptions } from './mixer.ts';
export type { DuckOptions } from './mixer-ducker.ts';
export type { MixerInput } from './mixer-input.ts';
export type { MixerInputOptions, MixerInputStatistics } from './mixer-input-options.ts';
export { type MixerNodeOptions, mixer } from './mixer-node.ts';
export type { OverlayContent } from './overlay/content.ts';
export type { HorizontalAnchor, OverlayPlace, VerticalAnchor } from './overlay/place.ts';
export type { TextStyle } from './overlay/text-svg.ts';
export {
  type OverlayOperator,
  type OverlayOptions,
  type OverlaySource,
  overlay,
} from './overlay.ts';
export { type PaceOperator, type PaceOptions, pace } from './pace.ts';
export type { PacedFrame, PaceStatistics } from './pacer.ts';
export type { FrameRateStatistics } from './picture/frame-rate-converter.ts';
export { type RechunkOptions, rechunk } from './rechunk.ts';
export { type RemixOptions, remix } from './remix.ts';
export { type RepeatLastOperator, type RepeatLastOptions, repeatLast } from './repeat-last.ts';
export { type ResampleOptions, resample } from './resample.ts';
export { type RotateOptions, type Rotation, rotate, rotations } from './rotate.ts';
export { type ScaleOptions, scale } from './scale.ts';
export { type Switch, type SwitchToOptions, switchTo } from './switch-to.ts';
export { type TapObserver, tap } from './tap.ts';
export { type TeeOptions, tee } from './tee.ts';
export { type TrimSilenceOptions, trimSilence } from './trim-silence.ts';
export { type ValveOperator, type ValveOptions, valve } from './valve.ts';

// Sinks

export { type FramesSink, type ToFramesOptions, toFrames } from './to-frames.ts';
export { type ImageFilesResult, type ToImageFilesOptions, toImageFiles } from './to-image-files.ts';
export { type MjpegSink, type MjpegStatistics, type ToMjpegOptions, toMjpeg } from './to-mjpeg.ts';
export { type NullResult, toNull } from './to-null.ts';
export { type PcmResult, type ToPcmOptions, toPcm } from './to-pcm.ts';
export { type RawVideoResult, type ToRawVideoOptions, toRawVideo } from './to-raw-video.ts';
export { type ToWavFileOptions, toWavFile, type WavFileResult } from './to-wav-file.ts';
export { type ToY4mFileOptions, toY4mFile, type Y4mCadence, type Y4mFileResult } from './to-y4m-file.ts';

// Reading test signals, frame rates, ends of streams

export type { ByteInput } from './byte-io/byte-input.ts';
export type { ByteSource } from './byte-io/byte-source.ts';
export type { ByteTarget } from './byte-io/byte-target.ts';
export type { Color } from './color.ts';
export type { ExactFrameRate, FrameRate } from './exact-frame-rate.ts';
export { type ImageEncoding, imageEncodings } from './image/encode-picture.ts';
export type { ImageFileInfo, ImageFileNames } from './image/image-file-names.ts';
export type { ImageInput } from './image/image-input.ts';
export { type ImageFit, imageFits } from './image/image-shape.ts';
export { type ImageTolerance, imageTolerances } from './image/image-tolerance.ts';
export type { Slide } from './image/slide.ts';
export type { BrokenImagePolicy } from './image/slide-show.ts';
export type { TruncatedPolicy } from './picture/picture-puller.ts';
export { type ReadTestPatternOptions, readTestPattern, type TestPatternReading } from './read-test-pattern.ts';

// Errors

export { type NodesErrorCode, nodesErrorCodes } from './errors.ts';
