/** The samples of a WAV file of mono s16, or undefined where it is none. */
export function readWav(file: Buffer): { readonly samples: Int16Array; readonly sampleRate: number } | undefined {
  if (file.length < 44 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    return undefined;
  let sampleRate = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const kind = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (kind === 'fmt ') {
      if (file.readUInt16LE(body) !== 1 || file.readUInt16LE(body + 2) !== 1 || file.readUInt16LE(body + 14) !== 16)
        return undefined;
      sampleRate = file.readUInt32LE(body + 4);
    }
    if (kind === 'data' && sampleRate > 0) {
      const samples = new Int16Array(Math.min(size, file.length - body) >> 1);
      for (let index = 0; index < samples.length; index++) samples[index] = file.readInt16LE(body + index * 2);
      return { samples, sampleRate };
    }
    at = body + size + (size & 1);
  }
  return undefined;
}
