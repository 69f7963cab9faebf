/** A sample beyond this is sound. */
const SOUND = 1_500;

/** When the first sound came, on `performance.now()`. */
export function firstSound(): { readonly at: Promise<number>; look(samples: Int16Array): void } {
  let heard: (at: number) => void = () => {};
  const at = new Promise<number>((resolve) => {
    heard = resolve;
  });
  return {
    at,
    look: (samples) => {
      if (samples.some((sample) => sample > SOUND)) heard(performance.now());
    },
  };
}
