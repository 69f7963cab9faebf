// What tests of calls need: impaired networks, relays, probes, meters of skew, raw calls, virtual devices. No product file imports
// it.

// The probe call: which frames were heard, when, how loud

export { PROBE_FRAME_MS, PROBE_PERIOD } from './probe-code.ts';
export { decodeProbe, ProbeListener, type ProbeListenerOptions } from './probe-listener.ts';
export type {
  ProbeArrival,
  ProbeDelay,
  ProbeGap,
  ProbeReport,
  ProbeReportOptions,
  ProbeSilence,
} from './probe-report.ts';
export {
  type ProbeSignalOptions,
  type ProbeSourceOptions,
  probeFrame,
  probeSamples,
  probeSignal,
} from './probe-signal.ts';

// Measuring lips

export { type PatternReading, SkewMeter, type SkewReport } from './skew-meter.ts';

// The engine without sluice, to compare with

export {
  loopbackOnly,
  type RawAudioListener,
  type RawCall,
  type RawCallOptions,
  rawCall,
  writePaced,
} from './raw-call.ts';

// A Janus server of one's own

export { type RawJanusCall, rawJanusCall } from './janus/raw-janus-call.ts';
export { type RawJanusSubscriber, rawJanusSubscriber } from './janus/raw-janus-subscriber.ts';
export { type RunningJanus, type StartJanusOptions, startJanus } from './janus/start-janus.ts';

// Bad networks

export { impair, impairCandidates, relayCandidate } from './impair.ts';
export { ImpairedPath } from './impaired-path.ts';
export {
  type DropReason,
  dropReasons,
  Impairment,
  type ImpairmentOptions,
  type PacketDirection,
  type PathConditions,
  type Verdict,
} from './impairment.ts';
export { TcpRelay, type TcpRelayOptions } from './tcp-relay.ts';
export { type RelayCounts, type RelaySide, UdpRelay, type UdpRelayOptions } from './udp-relay.ts';

// Devices without an engine, in virtual time

export { type VirtualDevices, type VirtualDevicesOptions, virtualDevices } from './virtual-devices.ts';
export {
  type SentSound,
  type VirtualMediaHost,
  type VirtualMediaHostOptions,
  virtualMediaHost,
} from './virtual-media-host.ts';
export type { SentPicture } from './virtual-video-source.ts';
