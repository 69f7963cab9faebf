// Figures of a run, from the samples at people's ears and mouths and from what the agent tells.

/** Something that a person said, on the timeline in milliseconds, from its first sample to the end of its last. */
export interface SaidLine {
  /** The name of the person in the scenario. */
  readonly who: string;
  /** As the scenario has it, not as it was understood. */
  readonly text: string;
  /** Its first sample. */
  readonly startMs: number;
  /** The end of its last sample. */
  readonly endMs: number;
  /** Said under the agent's voice, on purpose. */
  readonly bargeIn: boolean;
}

/** The text of a cough, in which there is no word. */
export const COUGH = '(cough)';
