import type { StagePerson } from '../stage/stage.ts';
import type { TalkContext } from './talk-context.ts';

/** A person of a talk, and up to where it has heard the agent. */
export interface Listener {
  readonly context: TalkContext;
  readonly person: StagePerson;
  /** Lines of the agent before this one were expected already. */
  nextEntry: number;
  /** Where the ear stood when something was heard last, in milliseconds of the timeline. */
  heardMs: number;
}

export function understood(words: readonly { readonly text: string }[]): string {
  return words.map(({ text }) => text).join(' ');
}
