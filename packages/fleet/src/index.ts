// Bots over many processes and machines, on NATS.

// The way to NATS

export { type ConnectNatsOptions, connectNats } from './connection/connect-nats.ts';
export { FleetConnection } from './connection/fleet-connection.ts';

// Faults

export { type FleetErrorCode, fleetErrorCodes } from './errors.ts';
