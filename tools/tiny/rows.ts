import { createHash } from 'node:crypto';
import { idealAnswer } from './answer';
import { Draw } from './draw';
import { drawSituation, healthBenchRow, type Situation } from './world';

const TRAIN = 320;
const HELD_OUT = 100;

/** The situations of the sample: distinct messages only, so that no held-out prompt is seen in training. */
export function sampleSituations(): { train: Situation[]; heldOut: Situation[] } {
  const draw = new Draw(2026);
  const found = new Map<string, Situation>();
  while (found.size < TRAIN + HELD_OUT) {
    const situation = drawSituation(draw);
    found.set(situation.message, situation);
  }
  const all = [...found.values()];
  return { train: all.slice(0, TRAIN), heldOut: all.slice(TRAIN) };
}

/** A HealthBench row whose id is a digest of its message, with an ideal answer. */
export function sampleRow(situation: Situation) {
  const digest = createHash('sha256').update(situation.message).digest('hex').slice(0, 12);
  const row = healthBenchRow(situation, `triage-${digest}`);
  return { ...row, ideal_completions_data: { ideal_completion: idealAnswer(situation) } };
}
