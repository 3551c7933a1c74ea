import { trueReward } from '../../../src/data/truth';
import type { Example } from '../../../src/domain/example';
import { PRESETS } from '../../../src/domain/recipe/presets';
import { type Recipe, type RecipeInput, recipeSchema } from '../../../src/domain/recipe/recipe';
import type { Rollout } from '../../../src/domain/rollout';
import { mean, standardError } from '../../../src/domain/statistics';
import { openDawn } from '../../../src/hosts/cli/dawn';
import { nodeFile, nodeFiles } from '../../../src/hosts/cli/input/nodeFiles';
import { openData } from '../../../src/lab/data/openData';
import { Engine } from '../../../src/lab/engine';
import { memoryNeeds } from '../../../src/lab/models/memoryNeeds';
import { type OpenModel, openModel } from '../../../src/lab/models/openModel';
import { completeRecipe } from '../../../src/lab/run/completeRecipe';
import type { LanguageModel } from '../../../src/model/languageModel';
import { TransformerPolicy } from '../../../src/rl/transformerPolicy';

/** The recipe that the page offers for the built-in model; evaluation and experiment use the same. */
export const DEMO: RecipeInput = PRESETS.find(({ id }) => id === 'demo')!.config;

export interface Experiment {
  readonly engine: Engine;
  readonly opened: OpenModel;
  readonly train: readonly Example[];
  readonly heldOut: readonly Example[];
}

/** The model of a folder and the sample, as the lab opens them. */
export async function openExperiment(folder: string): Promise<Experiment> {
  const opened = await openModel(await nodeFiles(folder), { builtIn: true });
  const examplesOf = async (name: string) => {
    const { files } = await openData([await nodeFile(`public/sample/${name}.jsonl`)], { builtIn: true });
    return files.flatMap(({ examples }) => examples.map(({ example }) => example));
  };
  const [train, heldOut] = [await examplesOf('triage'), await examplesOf('triage-heldout')];
  return { engine: new Engine(openDawn), opened, train, heldOut };
}

export async function buildModel({ engine, opened, train, heldOut }: Experiment, change: RecipeInput) {
  const run = completeRecipe(recipeSchema.parse({ ...DEMO, ...change }), opened);
  const model = await engine.build(opened, memoryNeeds(run, opened, [...train, ...heldOut]));
  return { run, model };
}

export interface TrueScore {
  /** Mean over prompts of the mean over answers. */
  readonly mean: number;
  /** Standard error of the mean over prompts. */
  readonly standardError: number;
  readonly perPrompt: readonly number[];
  readonly meanTokens: number;
  readonly cutOff: number;
  readonly rollouts: readonly Rollout[];
}

/** True reward of answers sampled as in training. The same seed gives the same draws. */
export async function trueScore(
  model: LanguageModel,
  { opened }: Experiment,
  { run, examples, answers, seed }: { run: Recipe; examples: readonly Example[]; answers: number; seed: number },
): Promise<TrueScore> {
  const policy = new TransformerPolicy(model, opened.text);
  const rollouts = await policy.generate(examples, answers, run.sampling, { seed });
  const perPrompt = examples.map((example, i) => {
    const own = rollouts.slice(i * answers, (i + 1) * answers);
    return mean(own.map(({ completion }) => trueReward(example, completion)!));
  });
  return {
    mean: mean(perPrompt),
    standardError: standardError(perPrompt),
    perPrompt,
    meanTokens: mean(rollouts.map(({ logprobs }) => logprobs.length)),
    cutOff: mean(rollouts.map(({ finish }) => (finish === 'length' ? 1 : 0))),
    rollouts,
  };
}
