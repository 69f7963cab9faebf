// Bots over many processes and machines, on NATS.

// The way to NATS

export { type ConnectNatsOptions, connectNats } from './connection/connect-nats.ts';
export { FleetConnection } from './connection/fleet-connection.ts';

// Links between machines

export { fromSubject, type RemoteSource } from './links/from-subject.ts';
export type { RemoteLinkFigures } from './links/remote-link-figures.ts';
export type { FromSubjectOptions, ToSubjectOptions } from './links/remote-link-options.ts';
export { type RemoteSink, toSubject } from './links/to-subject.ts';

// Faults

export { type FleetErrorCode, fleetErrorCodes } from './errors.ts';
