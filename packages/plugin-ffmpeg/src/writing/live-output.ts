/** How a live stream goes out by one protocol. */
interface LiveForm {
  /** ffmpeg's name. */
  readonly container: string;
  readonly args: readonly string[];
}

const flv = { container: 'flv', args: ['-flvflags', 'no_duration_filesize'] };
const transport = { container: 'mpegts', args: [] };
const forms: Readonly<Record<string, LiveForm>> = {
  'rtmp:': flv,
  'rtmps:': flv,
  'srt:': transport,
  'udp:': transport,
  'rtsp:': { container: 'rtsp', args: ['-rtsp_transport', 'tcp'] },
};

/** Schemes by which a stream can be sent. */
export const liveSchemes: readonly string[] = Object.keys(forms);

/** What every server and player takes. */
export const liveCodecs = {
  audio: ['-c:a', 'aac'],
  // A whole picture at least each two seconds, so that who comes waits no longer, and none that waits for a later one.
  video: [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-tune',
    'zerolatency',
    '-force_key_frames',
    'expr:gte(t,n_forced*2)',
  ],
} as const;

/** Arguments that end a call of ffmpeg; undefined for what is no address of a live stream. */
export function liveForm(url: URL, container: string | undefined): readonly string[] | undefined {
  const form = forms[url.protocol];
  if (form === undefined) return undefined;
  return ['-f', container ?? form.container, ...form.args, '-flush_packets', '1', url.href];
}
