/**
 * The mean over an answer's tokens of log ratio = new − old, given to each of its rows (GSPO, Zheng et al. 2025,
 * equation 7). Answer b has the loss rows answerStart[b] … answerStart[b + 1] − 1. A token with old = NaN has log ratio
 * 0; a row of weight 0 is not of the answer.
 */
export function sequenceRatioForward(
  logprob: ArrayLike<number>,
  oldLogprob: ArrayLike<number>,
  weight: ArrayLike<number>,
  answerStart: ArrayLike<number>,
): Float64Array {
  const logRatio = new Float64Array(logprob.length);
  for (let b = 0; b + 1 < answerStart.length; b++) {
    const [from, to] = [answerStart[b]!, answerStart[b + 1]!];
    let sum = 0;
    let count = 0;
    for (let m = from; m < to; m++) {
      if (weight[m] === 0) continue;
      sum += Number.isNaN(oldLogprob[m]!) ? 0 : logprob[m]! - oldLogprob[m]!;
      count++;
    }
    logRatio.fill(sum / Math.max(1, count), from, to);
  }
  return logRatio;
}
