import type { Frame } from '../../media/frame.ts';
import type { NodeBlueprint } from '../../node/define-node.ts';
import type { NodeHarnessOptions } from '../node-harness.ts';

/** What a node does, where that is not the plain thing. */
export interface NodeProfile {
  /** Inputs to try it with, with their options, where inputs are added by name. Default `one` and `two`, without options. */
  readonly inputs?: NodeHarnessOptions['inputs'];
  /** Makes the frames of a port that takes neither audio nor video: the `index`th, from 0. */
  readonly frames?: (port: string, index: number) => Frame;
  /** Whether it goes on when its inputs have ended, until the graph is stopped. Default false. */
  readonly outlivesInputs?: boolean;
  /** Whether it has no inputs. Default false. */
  readonly isSource?: boolean;
  /** Whether it drops what it keeps, and falls silent, on an interruption. Default true. */
  readonly interruptible?: boolean;
  /** Whether a gap of an input appears in an output of the same kind. Default true. */
  readonly keepsGaps?: boolean;
  /** Whether the utterance of an input stays with what is made of it, in an output of the same kind. Default true. */
  readonly keepsUtterance?: boolean;
  /** Whether the frames of an output come in the order of their timestamps. Default true. */
  readonly ordered?: boolean;
  /** Makes it with callbacks in its options that throw this error. Without it that is not checked. */
  readonly throwing?: (error: Error) => NodeBlueprint;
}
