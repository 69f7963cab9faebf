import { isAgent } from '../call/agent-mark.ts';
import type { CallClient } from '../call/call-client.ts';
import { RENDERERS } from '../call/client/receiving-client.ts';
import type { ReceivedSilence } from '../call/receive/received-glitches.ts';

/** Tracks of a call of which packets come that hold nothing to be heard, as problems of the source that gives them. */
export function silencesOf(client: CallClient): readonly ReceivedSilence[] {
  const participants = client.participants();
  const isProgram = (id: string) => {
    const one = participants[id];
    return one !== undefined && isAgent(one);
  };
  return client[RENDERERS].glitches.silences(isProgram);
}
