/** What answers for 10 ms of one channel. */
export interface VadJudge {
  /** 0 to 1. `anew`: forget what came before. The block is the judge's until it has answered. */
  judge(block: Int16Array, anew: boolean): Promise<number> | number;
  close(): void;
}
