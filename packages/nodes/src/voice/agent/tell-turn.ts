import { type Graph, type TurnMessage, turnChannel } from '@sluice/core';
import { partsOf, type TurnTrace } from './turn-trace.ts';

/** Tells whoever watches this process of a reply that was said. Returns the id of the trace that they made of it, if any. */
export function tellTurn({ name, id, clock }: Graph, trace: TurnTrace): string | undefined {
  if (!turnChannel.hasSubscribers) return undefined;
  const when: readonly (readonly [string, number | undefined])[] = [
    ['decided', trace.decidedMs],
    ['final-text', trace.finalTextMs],
    ['begun', trace.begunMs],
    ['first-token', trace.firstTokenMs],
    ['first-sentence', trace.firstSentenceMs],
    ['first-byte', trace.firstByteMs],
    ['first-audible', trace.firstAudibleMs],
  ];
  const message: TurnMessage = {
    graph: name,
    id,
    nowMs: clock.now(),
    turn: trace.id,
    voicedEndMs: trace.voicedEndMs,
    milestones: when
      .flatMap(([milestone, atMs]) => (atMs === undefined ? [] : [{ name: milestone, atMs }]))
      .sort((a, b) => a.atMs - b.atMs),
    parts: partsOf(trace) ?? [],
    interrupted: trace.interrupted,
    heardText: trace.heardText,
  };
  turnChannel.publish(message);
  return message.traceId;
}
