import type { Metric, MetricSample } from '@sluice/core';
import type { HubCounts } from '../hub-counts.ts';

export interface ServerCounts {
  readonly hub: HubCounts;
  /** Rooms in the directory. */
  readonly listed: number;
  /** Open WebSockets. */
  readonly sockets: number;
  /** Answers of the REST API by status. */
  readonly rest: Readonly<Record<string, number>>;
}

/** The figures of a room server. No label holds what a client can choose, so there are never more of them. */
export function roomMetrics({ hub, listed, sockets, rest }: ServerCounts): readonly Metric[] {
  const gauge = (name: string, help: string, value: number): Metric => ({ name, help, type: 'gauge', value });
  const counter = (name: string, help: string, value: Metric['value']): Metric => ({
    name,
    help,
    type: 'counter',
    value,
  });
  const { user, system } = process.cpuUsage();
  return [
    gauge('sluice_rooms', 'Rooms that somebody is in.', hub.rooms),
    gauge('sluice_rooms_listed', 'Rooms in the directory.', listed),
    gauge('sluice_participants', 'Participants who are shown.', hub.participants),
    gauge('sluice_participants_hidden', 'Participants who are not shown.', hub.hidden),
    gauge('sluice_participants_detached', 'Participants whose socket is lost at the moment.', hub.detached),
    gauge('sluice_participants_waiting', 'Those who wait to be let in.', hub.waiting),
    gauge('sluice_recordings', 'Recordings that run.', hub.recordings),
    gauge('sluice_transcriptions', 'Transcriptions that run.', hub.transcriptions),
    gauge('sluice_sockets', 'Open WebSockets.', sockets),
    counter('sluice_joined_total', 'Participants who came.', hub.joined),
    counter('sluice_resumed_total', 'Participants who came back after a lost socket.', hub.resumed),
    counter('sluice_left_total', 'Participants who went, by reason.', samplesBy('reason', hub.left)),
    counter('sluice_refused_total', 'Clients turned away, by reason.', samplesBy('code', hub.refused)),
    counter('sluice_denied_total', 'Questions of participants denied, by reason.', samplesBy('code', hub.denied)),
    counter('sluice_granted_total', 'Questions of participants granted.', hub.granted),
    counter('sluice_messages_received_total', 'Messages of clients.', hub.received),
    counter('sluice_messages_relayed_total', 'Messages passed on to one other.', hub.relayed),
    counter('sluice_rest_answers_total', 'Answers of the REST API, by status.', samplesBy('status', rest)),
    counter('process_cpu_seconds_total', 'CPU time of the process.', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Memory of the process.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'When the process began, since 1970.', performance.timeOrigin / 1_000),
  ];
}

/** One figure for each value of one label. */
function samplesBy(label: string, values: Readonly<Record<string, number>>): readonly MetricSample[] {
  return Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
}
