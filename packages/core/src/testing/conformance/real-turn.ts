/** A moment of real time, in which the virtual clock stands still. */
export function realTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
