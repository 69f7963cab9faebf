const standardCoefficients: readonly (readonly [number, number])[] = [
  [256, 0],
  [512, -256],
  [0, 0],
  [192, 64],
  [240, 0],
  [460, -208],
  [392, -232],
];
const adaptation = Int16Array.of(230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230);

interface Predictor {
  first: number;
  second: number;
  delta: number;
  sample1: number;
  sample2: number;
}

/**
 * Decodes one block of Microsoft ADPCM with one or two channels. A block that was cut off gives the samples it has.
 * Returns samples per channel.
 */
export function decodeMsBlock(
  bytes: Uint8Array,
  channels: number,
  out: Int16Array,
  at: number,
  coefficients = standardCoefficients,
): number {
  const head = 7 * channels;
  if (bytes.length < head) return 0;
  const predictors = Array.from({ length: channels }, (_, channel) => readHead(bytes, channels, channel, coefficients));
  for (let channel = 0; channel < channels; channel++) {
    out[at + channel] = predictors[channel]!.sample2;
    out[at + channels + channel] = predictors[channel]!.sample1;
  }
  const samples = Math.floor(((bytes.length - head) * 2) / channels) * channels;
  const start = at + 2 * channels;
  for (let i = 0; i < samples; i++) {
    const byte = bytes[head + (i >> 1)]!;
    out[start + i] = decodeNibble(predictors[i % channels]!, i & 1 ? byte & 0x0f : byte >> 4);
  }
  return samples / channels + 2;
}

function readHead(
  bytes: Uint8Array,
  channels: number,
  channel: number,
  coefficients: readonly (readonly [number, number])[],
): Predictor {
  const int16 = (field: number) => {
    const offset = channels + (field * channels + channel) * 2;
    return ((bytes[offset]! | (bytes[offset + 1]! << 8)) << 16) >> 16;
  };
  const [first, second] = coefficients[bytes[channel]!] ?? [0, 0];
  return { first, second, delta: int16(0), sample1: int16(1), sample2: int16(2) };
}

function decodeNibble(predictor: Predictor, code: number): number {
  const signed = code > 7 ? code - 16 : code;
  const predicted = (predictor.sample1 * predictor.first + predictor.sample2 * predictor.second) >> 8;
  const sample = Math.min(Math.max(predicted + signed * predictor.delta, -32_768), 32_767);
  predictor.sample2 = predictor.sample1;
  predictor.sample1 = sample;
  // The upper bound only matters for damaged files, where the step would grow without end.
  predictor.delta = Math.min(Math.max((adaptation[code]! * predictor.delta) >> 8, 16), 0x7f_ffff);
  return sample;
}
