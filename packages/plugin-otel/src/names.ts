// Every name that OpenTelemetry gets of sluice; those of figures are in core, whose table Prometheus shares.

/** Names of spans. None has anything in it that differs from call to call. */
export const spanNames = {
  graph: 'sluice.graph',
  node: 'sluice.node',
  turn: 'sluice.turn',
  part: 'sluice.turn.part',
  call: 'sluice.call',
} as const;

/** Names of events of spans. The milestones of a turn are `sluice.turn.` and the name of the milestone. */
export const eventNames = {
  status: 'sluice.graph.status',
  interrupt: 'sluice.graph.interrupt',
  state: 'sluice.node.state',
  error: 'sluice.error',
  milestone: 'sluice.turn.',
  callState: 'sluice.call.state',
} as const;

/** Attributes. What tells of people is told only where `personal` asks for it. */
export const attributes = {
  graph: { name: 'sluice.graph.name', personal: false },
  graphStatus: { name: 'sluice.graph.status', personal: false },
  epoch: { name: 'sluice.graph.epoch', personal: false },
  node: { name: 'sluice.node.id', personal: false },
  nodeState: { name: 'sluice.node.state', personal: false },
  turn: { name: 'sluice.turn.id', personal: false },
  interrupted: { name: 'sluice.turn.interrupted', personal: false },
  owner: { name: 'sluice.turn.part.owner', personal: false },
  heardText: { name: 'sluice.turn.heard_text', personal: true },
  client: { name: 'sluice.call.client', personal: false },
  callState: { name: 'sluice.call.state', personal: false },
  url: { name: 'url.full', personal: true },
  errorType: { name: 'error.type', personal: false },
  errorMessage: { name: 'exception.message', personal: true },
} as const satisfies Readonly<Record<string, { readonly name: string; readonly personal: boolean }>>;

/** Which of them there are. */
export type AttributeKey = keyof typeof attributes;

/** Labels of core's figures as attributes. */
export const labelNames: Readonly<Record<string, string>> = {
  graph: attributes.graph.name,
  node: attributes.node.name,
  status: attributes.graphStatus.name,
  state: attributes.nodeState.name,
  link: 'sluice.link.id',
  from: 'sluice.link.from',
  to: 'sluice.link.to',
  port: 'sluice.link.port',
  quantile: 'sluice.quantile',
  of: 'sluice.figure.of',
  figure: 'sluice.figure.name',
};

/** Distributions of what happens, in seconds. */
export const histograms = {
  latency: { name: 'sluice.turn.latency', help: 'From the last voiced sample to the first audible one of the reply.' },
  part: { name: 'sluice.turn.part.latency', help: 'The same by who took it.' },
  call: { name: 'sluice.call.duration', help: 'From joining to having left.' },
} as const;
