// Sessions: everything that determines a graph in one file, and the same graph again from it. Files are written and read
// here; no network.

// Recording and replaying

export type { SessionEnv, SessionProgram, SessionResult } from './ends/session-env.ts';
export { type UnrecordedOptions, unrecordedEnv } from './ends/unrecorded-env.ts';
export { type RecordOptions, type RunningSession, recordSession } from './recording/record-session.ts';
export type { NotReplayable } from './recording/recording-passage.ts';
export type { ReplayedOutput } from './replay/output-tally.ts';
export type { CommandOutput } from './replay/replay-command.ts';
export { replayCommand } from './replay/replay-command.ts';
export type { ReplayedCrossing } from './replay/replay-passage.ts';
export { type ReplayOptions, type ReplayReport, replaySession } from './replay/replay-session.ts';
export { type DifferenceCode, SessionDifference } from './replay/session-difference.ts';

// The file

export { SESSION_FORMAT, type SessionGraph, type SessionHeader } from './container/session-header.ts';
export { SessionReader } from './container/session-reader.ts';
export { type RecordType, recordTypes, type SessionJson, type SessionRecord } from './container/session-record.ts';
export { SessionWriter, type SessionWriterOptions } from './container/session-writer.ts';

// Values as JSON and bytes, for whatever else crosses to another process

export { type PackedValue, packValue } from './values/pack-value.ts';
export { unpackValue } from './values/unpack-value.ts';
export { type Keeping, keepAll } from './values/value-mark.ts';
