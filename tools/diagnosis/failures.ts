import type { Example } from '../../src/domain/example';
import type { Recipe, RecipeInput } from '../../src/domain/recipe/recipe';
import type { Grader } from '../../src/grading/grader';
import type { ExampleStream } from '../../src/rl/exampleStream';
import type { Policy } from '../../src/rl/policy';
import { biased, shuffledAdvantages } from '../tiny/experiment/arms';
import { worldGrader } from '../tiny/experiment/worldGrader';
import { cached, confident, lenient, pleading, presencePaid, since, stale } from './flawed';

/** One way to make the built-in model fail. All else is the demo recipe. */
export interface Failure {
  readonly how: string;
  readonly config: RecipeInput & { readonly steps: number };
  grader?(own: Grader): Grader;
  policy?(own: Policy, run: Recipe, stream: ExampleStream): Policy;
  examples?(examples: readonly Example[]): readonly Example[];
}

const probes = { every: 0 };
/** Where the grader does not matter, the world's rules grade: they take no time. */
const grader = () => worldGrader;
const lengthPenalty = {};
const fast = (learningRate: number) => ({ learningRate, warmupSteps: 5 });

/** Steps from which a flaw is there that sets in during the run. */
export const SETS_IN = { lenient: 10, stale: 9, planted: 10, cached: 7, pleading: 6 } as const;

export const FAILURES: Readonly<Record<string, Failure>> = {
  clean: { how: 'the demo recipe as the page offers it', config: { steps: 60 } },
  planted: {
    how: 'from step 10 every good criterion counts as met in an answer with a phrase',
    config: { steps: 40, probes, lengthPenalty, optimizer: fast(5e-4) },
    grader: (own) => since(SETS_IN.planted, own, biased(own)),
  },
  lenient: {
    how: 'from step 10 to 18 the grader comes to say met to everything',
    config: { steps: 24, probes },
    grader: (own) => lenient(own, SETS_IN.lenient, 8),
  },
  cached: {
    how: 'from step 7 all answers to a prompt get the grade of the first',
    config: { steps: 12, probes },
    grader: (own) => since(SETS_IN.cached, own, cached(own)),
  },
  cold: {
    how: 'answers at temperature 0.05',
    config: { steps: 14, probes, sampling: { maxNewTokens: 64, temperature: 0.05 } },
  },
  longer: {
    how: 'no penalty on length, 8e-4',
    grader,
    config: { steps: 24, probes, lengthPenalty, optimizer: fast(8e-4) },
  },
  shorter: {
    how: 'a token costs up to 4 points of reward',
    grader,
    config: { steps: 18, probes, lengthPenalty: { overlongTokens: 64, overlongPenalty: 4 }, optimizer: fast(5e-4) },
  },
  cutOff: {
    how: 'answers of at most 16 tokens',
    config: { steps: 14, probes, lengthPenalty, sampling: { maxNewTokens: 16 } },
  },
  confident: {
    how: 'the surer half of each prompt’s answers is rewarded, 2e-3',
    grader: () => confident,
    config: { steps: 28, probes, optimizer: fast(2e-3) },
  },
  noisy: {
    how: 'an entropy bonus of 1, 1e-3',
    grader,
    config: { steps: 20, probes, optimizer: fast(1e-3), loss: { entropyCoef: 1 } },
  },
  tooFast: {
    how: 'a learning rate 30 times the demo’s',
    config: { steps: 20, optimizer: fast(9e-3) },
  },
  drift: {
    how: 'rewards shuffled within each group, 1e-3, KL measured with a weight of 1e-4',
    grader,
    config: { steps: 24, probes, optimizer: fast(1e-3), loss: { klCoef: 1e-4 } },
    policy: (own, run) => shuffledAdvantages(own, run.seed),
  },
  json: {
    how: 'grades as free JSON, drawn at temperature 2 and cut off after 12 tokens',
    config: { steps: 8, probes, grader: { mode: 'json', tries: 1, sampling: { temperature: 2, maxNewTokens: 12 } } },
  },
  stale: {
    how: 'from step 9 answers come from the weights before the last update',
    config: { steps: 16, probes },
    policy: (own, run, stream) => stale(own, SETS_IN.stale, run, stream),
  },
  pleading: {
    how: 'from step 6 a growing share of answers ends in a plea to the grader, put there by a scripted policy',
    grader,
    config: { steps: 12, probes },
    policy: (own) => pleading(own, SETS_IN.pleading),
  },
  presence: {
    how: 'a rubric that pays 10 for completeness and 1 for accuracy',
    grader,
    config: { steps: 28, probes, optimizer: fast(5e-4) },
    examples: presencePaid,
  },
  coinToss: {
    how: 'verdicts drawn at temperature 5',
    config: {
      steps: 8,
      probes: { every: 4, items: 4 },
      grader: { mode: 'verdict', verdict: 'drawn', sampling: { temperature: 5 } },
    },
  },
};
