/** How many samples back each one is compared with. */
const LAGS = 32;

/**
 * What stands in for a model that hears and answers: an autocorrelation over all of the sound, as much work as a small detector
 * does, and an answer that is what was heard. Returns samples of its own.
 */
export function standInModel(samples: Int16Array): Int16Array {
  let [best, strongest] = [0, Number.NEGATIVE_INFINITY];
  for (let lag = 1; lag <= LAGS; lag++) {
    let sum = 0;
    for (let index = lag; index < samples.length; index++) sum += samples[index]! * samples[index - lag]!;
    if (sum > strongest) [best, strongest] = [lag, sum];
  }
  const answer = samples.slice();
  // What it found is used, so that no compiler leaves the work out; no lag is beyond the limit.
  if (best > LAGS) answer.fill(0);
  return answer;
}
