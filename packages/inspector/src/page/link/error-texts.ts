/** What the documentation says of a code, as `sluice explain` does. */
export interface ErrorText {
  readonly happened: string;
  readonly advice: string;
}

let asked: Promise<Readonly<Record<string, ErrorText>>> | undefined;

/** Asks the process for it, once for all codes; undefined for one that this version does not know. */
export async function errorText(code: string): Promise<ErrorText | undefined> {
  asked ??= fetch('./errors.json').then((answer) => answer.json() as Promise<Record<string, ErrorText>>);
  try {
    return (await asked)[code];
  } catch (error) {
    // The process is gone: it may come back.
    asked = undefined;
    throw error;
  }
}
