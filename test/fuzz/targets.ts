import type { FuzzTarget } from './fuzzer/fuzz-target.ts';

/** The targets by name. Each is loaded by itself, so that a process holds the scripts of one. */
export const targets: Readonly<Record<string, () => Promise<FuzzTarget>>> = {
  wav: async () => (await import('./targets/wav-header.ts')).wavHeaderTarget,
  y4m: async () => (await import('./targets/y4m-header.ts')).y4mHeaderTarget,
  captions: async () => (await import('./targets/captions.ts')).captionsTarget,
  dtmf: async () => (await import('./targets/dtmf.ts')).dtmfTarget,
  signalling: async () => (await import('./targets/signalling.ts')).signallingTarget,
  sdp: async () => (await import('./targets/sdp.ts')).sdpTarget,
  candidates: async () => (await import('./targets/candidates.ts')).candidatesTarget,
  token: async () => (await import('./targets/token.ts')).tokenTarget,
  'room-url': async () => (await import('./targets/room-url.ts')).roomUrlTarget,
  rest: async () => (await import('./targets/rest.ts')).restTarget,
  'media-host': async () => (await import('./targets/media-host.ts')).mediaHostTarget,
  session: async () => (await import('./targets/session.ts')).sessionTarget,
  'session-values': async () => (await import('./targets/session-values.ts')).sessionValuesTarget,
  'remote-frames': async () => (await import('./targets/remote-frames.ts')).remoteFramesTarget,
  whip: async () => (await import('./targets/whip.ts')).whipTarget,
  janus: async () => (await import('./targets/janus.ts')).janusTarget,
  'media-socket': async () => (await import('./targets/media-socket.ts')).mediaSocketTarget,
  inspector: async () => (await import('./targets/inspector.ts')).inspectorTarget,
  matroska: async () => (await import('./targets/matroska.ts')).matroskaTarget,
  config: async () => (await import('./targets/config.ts')).configTarget,
  arguments: async () => (await import('./targets/command-lines.ts')).commandLinesTarget,
};
