/** How often a person sees how far it is, and how often who reads lines, in milliseconds. */
const SHOWN_EVERY_MS = 200;
const TOLD_EVERY_MS = 5_000;
/** To the beginning of the line, and wipes it. */
const WIPE = '\r\u001b[K';

/** Where it is told. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Waits for work, and tells meanwhile how far it is: on a terminal in place, at once and until it is over; else line after line. */
export async function withProgress<T>(output: ProgressOutput, work: Promise<T>, howFar: () => string): Promise<T> {
  const isInPlace = output.isTTY === true;
  const tell = () => output.write(isInPlace ? `${WIPE}${howFar()}` : `${howFar()}\n`);
  if (isInPlace) tell();
  const timer = setInterval(tell, isInPlace ? SHOWN_EVERY_MS : TOLD_EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (isInPlace) output.write(WIPE);
  }
}
