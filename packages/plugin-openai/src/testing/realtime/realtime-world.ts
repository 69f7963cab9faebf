import type { HeardSound } from '../audio/speech-script.ts';
import type { RealtimeFault, RealtimeItem, RealtimeReply, RealtimeScript } from './realtime-script.ts';
import { toneVoice } from './spoken-by.ts';

/** What the sessions of a server share: the script, and how far they are in it. */
export interface RealtimeWorld {
  readonly script: RealtimeScript;
  readonly words: (sound: HeardSound) => string | Promise<string>;
  readonly reply: (items: readonly RealtimeItem[], instructions: string | undefined) => RealtimeReply;
  readonly voice: (text: string) => Int16Array | Promise<Int16Array>;
  readonly fault: () => RealtimeFault | undefined;
}

/** The world of a script. */
export function realtimeWorld(script: RealtimeScript): RealtimeWorld {
  let [turns, replies] = [0, 0];
  const { hears = [], reply = (items) => items.at(-1)?.text ?? '', voice = toneVoice, fault } = script;
  return {
    script,
    words: (sound) => (typeof hears === 'function' ? heard(hears, sound) : (hears[turns++] ?? '')),
    reply,
    voice,
    fault: () => fault?.(replies++),
  };
}

async function heard(hears: Exclude<RealtimeScript['hears'], readonly string[] | undefined>, sound: HeardSound) {
  const said = await hears(sound);
  return typeof said === 'string' ? said : said.text;
}
