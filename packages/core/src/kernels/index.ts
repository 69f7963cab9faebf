// Arithmetic on typed arrays that nodes and transport share: resampling, remixing, colours, turning, with their
// WebAssembly. A kernel knows formats and numbers, no frame, clock or stream.

// Sample rate and channels of a stream in one

export { AudioConverter, type AudioConverterOptions } from './audio-converter.ts';
export {
  SeamlessConverter,
  type SeamlessConverterOptions,
  type SeamlessTarget,
} from './seamless-converter.ts';

// Sample rates

export type { FirEngine } from './fir-engine.ts';
export { type PolyphaseFilter, type ResampleQuality, resampleDelay, resampleQualities } from './polyphase-filter.ts';
export { checkQuality, Resampler, type ResamplerOptions } from './resampler.ts';
export { ScalarFirEngine } from './scalar-fir-engine.ts';

// Channels

export {
  checkMatrix,
  createRemixer,
  type RemixMasks,
  type RemixMatrix,
  type RemixOptions,
  remixMatrix,
} from './remix.ts';

// Sample formats

export { aLaw, decodeG711, encodeG711, muLaw } from './g711.ts';
export { floatToInt16, int16ToFloat, toInt16 } from './int16.ts';

// Colours

export { type ColorConverterOffer, offerColorConverter } from './color/color-offers.ts';
export { convertColor, sameColors } from './color/convert-color.ts';
export type { Picture } from './color/picture.ts';
export { shrinkI420 } from './color/shrink-i420.ts';

// Planes, mirrors and turns

export { type ByteRows, copyRows } from './copy-rows.ts';
export { type AlphaPlace, alphaPlace, type Plane, planesOf } from './planes.ts';
export { flipColumns, flipRows, type PlaneBytes, turnPicture } from './turn.ts';

// WebAssembly of scripts/build-kernels.mjs, for kernels elsewhere

export { type WasmMemory, wasmExports, wasmMemory, wasmScratch } from './wasm-instance.ts';
