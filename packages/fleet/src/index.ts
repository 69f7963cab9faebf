// Bots over many processes and machines, on NATS.

// The way to NATS

export { type ConnectNatsOptions, connectNats } from './connection/connect-nats.ts';
export { FleetConnection } from './connection/fleet-connection.ts';
export type { NatsCredentials } from './connection/nats-credentials.ts';

// Links between machines

export { fromSubject, type RemoteSource } from './links/from-subject.ts';
export type { RemoteLinkFigures } from './links/remote-link-figures.ts';
export type { FromSubjectOptions, ToSubjectOptions } from './links/remote-link-options.ts';
export { type RemoteSink, toSubject } from './links/to-subject.ts';
// Who wants bots

export type { DispatchOptions } from './desk/dispatch-options.ts';
export { DispatchedJob } from './desk/dispatched-job.ts';
export { Fleet } from './desk/fleet.ts';
export { fleetTable } from './desk/fleet-table.ts';
export { type OpenFleetOptions, openFleet } from './desk/open-fleet.ts';
export { type JobRecord, type JobState, jobStates } from './store/job-record.ts';
export type { LogLine } from './store/log-line.ts';
export type { ReplicaCount } from './store/make-streams.ts';

// Who runs them

export type { Accountable, BotAccount } from './accounts/bot-account.ts';
export type { BotHoldings, HeldCall, HeldPool } from './accounts/bot-holdings.ts';
export type { BotLimits } from './accounts/bot-limits.ts';
export type { Bot, BotContext, BotFactory, LimitedFactory } from './workers/bot.ts';
export { FleetWorker } from './workers/fleet-worker.ts';
export type { MoveOptions } from './workers/move-options.ts';
export { startWorker } from './workers/start-worker.ts';
export type { WorkerOptions } from './workers/worker-options.ts';

// How they are

export type { WorkerBeat } from './leases/worker-beat.ts';
export type { BotFigures } from './metrics/fleet-metric-rows.ts';
export { type Candidate, chooseWorker } from './placing/choose-worker.ts';
export type { BotCost } from './placing/load-forecast.ts';
export { fullness, type LoadFigures, type LoadLimits, refusalOf, type WorkerLoad } from './placing/worker-load.ts';

// Faults

export { type FleetErrorCode, fleetErrorCodes } from './errors.ts';
