/** A participant that is a program. */
export interface Bot {
  leave(): Promise<void>;
}
