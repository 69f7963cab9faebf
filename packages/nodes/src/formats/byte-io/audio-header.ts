/** What the first bytes of a file or stream say it is, where they say so: raw samples have no name. */
export function audioHeader(bytes: Uint8Array): { readonly name: string; readonly wav: boolean } | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 12));
  for (const [name, begins, form] of headers)
    if (text.startsWith(begins) && form.startsWith(text.slice(8))) return { name, wav: form === 'WAVE' };
  return undefined;
}

/** Sixty-four bits each, of which short frames have half: sound does not begin so by chance. */
const headers = [
  ['WAV', 'RIFF', 'WAVE'],
  ['WAV', 'RF64', 'WAVE'],
  ['WAV', 'BW64', 'WAVE'],
  ['big-endian WAV', 'RIFX', 'WAVE'],
  ['AIFF', 'FORM', 'AIFF'],
  ['AIFF-C', 'FORM', 'AIFC'],
] as const;
