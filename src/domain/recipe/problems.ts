import { gradingProblems } from './gradingProblems';
import { learningProblems, learningWarnings } from './learningProblems';
import type { Recipe } from './recipe';

/** What a sound config does that a person may not expect, in words; shown beside the recipe. */
export function warnings(config: Recipe): string[] {
  const { sampling } = config;
  const found = learningWarnings(config);
  const cuts = [sampling.topK > 0 && 'top-k', sampling.topP < 1 && 'top-p', sampling.minP > 0 && 'min-p'].filter(
    (cut) => cut !== false,
  );
  if (cuts.length > 0) {
    found.push(
      `${cuts.join(' and ')} cut what answers are drawn from, but logprobs are of the whole distribution, not renormalised: learning sees answers as less likely than they were`,
    );
  }
  if (sampling.repetitionPenalty !== 1) {
    found.push(
      'the repetition penalty changes what answers are drawn from, but logprobs are those without it: learning sees repeated words as more likely than they were drawn',
    );
  }
  return found;
}

/** Every problem with a config that single fields cannot show, in words; empty when it is sound. */
export function problems(config: Recipe): string[] {
  const found = [...learningProblems(config), ...gradingProblems(config)];
  if (config.groupSize < 2) {
    found.push(`groupSize is ${config.groupSize}: a group of one has no relative advantage, use 2 or more`);
  }
  if (config.sampling.temperature === 0) {
    found.push('temperature is 0: all answers of a group would be equal, use a value above 0');
  }
  const answers = config.promptsPerStep * config.groupSize;
  if (config.optimizer.stepsPerRollout > answers) {
    found.push(`stepsPerRollout is ${config.optimizer.stepsPerRollout}, but a step has only ${answers} answers`);
  }
  return found;
}
