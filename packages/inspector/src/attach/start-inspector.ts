import { randomBytes } from 'node:crypto';
import { type Cancel, checkKeys, type Graph, invalidArgument, knownCalls, outOfRange } from '@sluice/core';
import type { InspectedCall } from '../protocol/calls.ts';
import type { InspectedFleet } from '../protocol/fleets.ts';
import { INSPECT_PROTOCOL } from '../protocol/limits.ts';
import { Hub } from '../server/hub.ts';
import { listen } from '../server/listen.ts';
import { removeRunFile, writeRunFile } from './run-files.ts';

/** Options of `inspector()`. */
export interface InspectorOptions {
  /** Default: 0, any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** Lets those who look hear and see what passes, and read what was said. Default: false, numbers and levels only. */
  readonly media?: boolean;
  /** Lets those who look send nodes control messages. Default: false. */
  readonly allowControl?: boolean;
  /** Shows all calls of this process, as `SLUICE_INSPECT` does. Default: false, those that are added. */
  readonly calls?: boolean;
  /** Says in a file of this user where the inspector is, so that `sluice inspect` finds it. Default: true. */
  readonly runFile?: boolean;
}

/** Options of `addCall` of an inspector. */
export interface InspectedCallOptions {
  /** What the page calls it. Default: `call`. */
  readonly name?: string;
}

/** Options of `addFleet` of an inspector. */
export interface InspectedFleetOptions {
  /** What the page calls it. Default: `fleet`. */
  readonly name?: string;
}

/** An inspector that is open. */
export interface Inspector extends AsyncDisposable {
  /** The page, with the token behind `#`: who has it may look. */
  readonly url: string;
  /** The one that was found free where 0 was asked for. */
  readonly port: number;
  /** For programs: the first message on `/socket`, and the bearer of `/api`. */
  readonly token: string;
  /** Shows one more graph. Returns what hides it again. */
  add(graph: Graph): Cancel;
  /**
   * Shows a call: who is in it, tracks, network, glitches. It is asked once a second while somebody looks. Returns what
   * hides it again.
   *
   * @throws TypeError for what is no call, and for options
   */
  addCall(call: InspectedCall, options?: InspectedCallOptions): Cancel;
  /**
   * Shows a fleet: its workers with their load, and its jobs. Its jobs are read once a second while somebody looks, and less often
   * where reading them takes long. Returns what hides it again.
   *
   * @throws TypeError for what is no fleet, and for options
   */
  addFleet(fleet: InspectedFleet, options?: InspectedFleetOptions): Cancel;
  /** Ends all sockets. The graphs run on. */
  close(): Promise<void>;
}

/** Opens an inspector on loopback. @throws what `inspector` does */
export async function startInspector(graphs: readonly Graph[], options: InspectorOptions): Promise<Inspector> {
  checkOptions(graphs, options);
  const { port = 0, media = false, allowControl = false, calls = false, runFile = true } = options;
  const access = { token: randomBytes(16).toString('base64url'), media, control: allowControl };
  const hub = new Hub({ media, ...(calls ? { calls: processCalls } : {}) });
  const listening = await listen(hub, access, port).catch((error: unknown) => {
    hub.close();
    throw error;
  });
  const startedAt = new Date().toISOString();
  const announce = () => {
    if (!runFile) return;
    writeRunFile({
      protocol: INSPECT_PROTOCOL,
      pid: process.pid,
      program: process.argv[1] ?? 'node',
      graphs: hub.graphs.map(({ graph }) => graph.name),
      startedAt,
      port: listening.port,
      token: access.token,
    });
  };
  const forget = () => removeRunFile(process.pid);
  const close = async () => {
    if (runFile) {
      process.off('exit', forget);
      forget();
    }
    hub.close();
    await listening.close();
  };
  const add = (graph: Graph) => {
    const cancel = hub.add(graph);
    announce();
    return cancel;
  };
  const addCall = (call: InspectedCall, given: InspectedCallOptions = {}) => {
    checkCall(call, given);
    return hub.addCall(call, given.name ?? 'call');
  };
  const addFleet = (fleet: InspectedFleet, given: InspectedFleetOptions = {}) => {
    checkFleet(fleet, given);
    return hub.addFleet(fleet, given.name ?? 'fleet');
  };
  if (runFile) process.on('exit', forget);
  try {
    announce();
    for (const graph of graphs) add(graph);
  } catch (error) {
    await close();
    throw error;
  }
  const url = `http://127.0.0.1:${listening.port}/#t=${access.token}`;
  const { port: found } = listening;
  return { url, port: found, token: access.token, add, addCall, addFleet, close, [Symbol.asyncDispose]: close };
}

/** Those that a client of this process was in or is about to be in. */
function processCalls(): readonly InspectedCall[] {
  return (knownCalls() as InspectedCall[]).filter(({ callState }) => callState !== 'initialized');
}

function checkCall(call: InspectedCall, options: InspectedCallOptions): void {
  if (typeof call?.participants !== 'function' || typeof call.getNetworkStats !== 'function')
    throw invalidArgument('call', 'a call client', call);
  checkKeys<InspectedCallOptions>('addCall', options, { name: true });
  if (options.name !== undefined && typeof options.name !== 'string')
    throw invalidArgument('addCall.name', 'a string', options.name);
}

function checkFleet(fleet: InspectedFleet, options: InspectedFleetOptions): void {
  if (typeof fleet?.jobs !== 'function' || !Array.isArray(fleet.workers))
    throw invalidArgument('fleet', 'a fleet', fleet);
  checkKeys<InspectedFleetOptions>('addFleet', options, { name: true });
  if (options.name !== undefined && typeof options.name !== 'string')
    throw invalidArgument('addFleet.name', 'a string', options.name);
}

function checkOptions(graphs: readonly Graph[], options: InspectorOptions): void {
  const odd = graphs.find((graph) => typeof graph?.inspect !== 'function' || typeof graph.tap !== 'function');
  if (odd !== undefined || !Array.isArray(graphs)) throw invalidArgument('graphs', 'a graph, or a list of them', odd);
  checkKeys<InspectorOptions>('inspector', options, {
    port: true,
    media: true,
    allowControl: true,
    calls: true,
    runFile: true,
  });
  const { port = 0 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw outOfRange('port', '0 to 65535', port);
  for (const key of ['media', 'allowControl', 'calls', 'runFile'] as const)
    if (options[key] !== undefined && typeof options[key] !== 'boolean')
      throw invalidArgument(key, 'true or false', options[key]);
}
