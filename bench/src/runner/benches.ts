import { bench as containers } from '../audio/containers.ts';
import { pace } from '../audio/pace.ts';
import { bench as resample } from '../audio/resample.ts';
import { toolbox } from '../audio/toolbox.ts';
import { agent } from '../calls/agent.ts';
import { agents } from '../calls/agents.ts';
import { agentsWild } from '../calls/agents-wild.ts';
import { density } from '../calls/density.ts';
import { doctor } from '../calls/doctor.ts';
import { firstSound } from '../calls/first-sound.ts';
import { glitches } from '../calls/glitches.ts';
import { growth } from '../calls/growth.ts';
import { interrupt } from '../calls/interrupt.ts';
import { bench as janus } from '../calls/janus.ts';
import { janusRooms } from '../calls/janus-rooms.ts';
import { bench as latency } from '../calls/latency.ts';
import { memory } from '../calls/memory.ts';
import { recorder } from '../calls/recorder.ts';
import { skew } from '../calls/skew.ts';
import { subscribers } from '../calls/subscribers.ts';
import { weight } from '../calls/weight.ts';
import { whip } from '../calls/whip.ts';
import { fleet } from '../fleet/fleet.ts';
import { outages } from '../fleet/outages.ts';
import { placing } from '../fleet/placing.ts';
import { roomRecovery } from '../fleet/room-recovery.ts';
import { traffic } from '../fleet/traffic.ts';
import { hop } from '../graph/hop.ts';
import { inspect } from '../graph/inspect.ts';
import { remoteLink } from '../graph/remote-link.ts';
import { stall } from '../graph/stall.ts';
import { bench as telemetry } from '../graph/telemetry.ts';
import type { Bench } from '../measuring/report.ts';
import { hostile } from '../rooms/hostile.ts';
import { join } from '../rooms/join.ts';
import { page } from '../rooms/page.ts';
import { party } from '../rooms/party.ts';
import { recovery } from '../rooms/recovery.ts';
import { signalling } from '../rooms/signalling.ts';
import { color } from '../video/color.ts';
import { videoMemory } from '../video/video-memory.ts';
import { videoOverlay } from '../video/video-overlay.ts';
import { videoPace } from '../video/video-pace.ts';
import { videoScale } from '../video/video-scale.ts';
import { detectors } from '../voice/detectors.ts';
import { recognition } from '../voice/recognition.ts';

export const benches: readonly Bench[] = [
  hop,
  inspect,
  telemetry,
  resample,
  toolbox,
  containers,
  pace,
  latency,
  janus,
  subscribers,
  janusRooms,
  whip,
  interrupt,
  stall,
  remoteLink,
  glitches,
  skew,
  join,
  signalling,
  recovery,
  hostile,
  party,
  page,
  fleet,
  outages,
  roomRecovery,
  traffic,
  placing,
  density,
  growth,
  agent,
  agentsWild,
  agents,
  memory,
  recorder,
  color,
  videoScale,
  videoOverlay,
  videoPace,
  videoMemory,
  detectors,
  recognition,
  firstSound,
  doctor,
  weight,
];
