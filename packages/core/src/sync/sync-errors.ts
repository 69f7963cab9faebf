import { SluiceError } from '../errors.ts';

export function secondMaster(name: string): SluiceError {
  return new SluiceError('SLUICE_GRAPH_INVALID', 'a sync group has one master', {
    received: `another one beside ${name}`,
    fix: 'Let the other follow: follow(sink)',
  });
}

export function otherClock(name: string): SluiceError {
  return new SluiceError('SLUICE_GRAPH_INVALID', `${name} is on another clock than the rest of its sync group`, {
    expected: 'one clock for all members',
    fix: 'Put all members into one graph, or make a group for each',
    nodeId: name,
  });
}

export function notReady(name: string, waitedMs: number): SluiceError {
  return new SluiceError('SLUICE_SYNC_START', `a sync group started without ${name}`, {
    expected: `a first frame within ${waitedMs} ms of the others`,
    received: 'none',
    fix: 'Look at its source, or raise maxStartWaitMs',
    nodeId: name,
  });
}
