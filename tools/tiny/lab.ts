import { openDawn } from '../../src/cli/dawn';
import { nodeFile, nodeFiles } from '../../src/cli/nodeFiles';
import { PRESETS } from '../../src/config/presets';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../src/config/run';
import type { LanguageModel } from '../../src/model/languageModel';
import type { Rollout } from '../../src/rl/policy';
import { TransformerPolicy } from '../../src/rl/transformerPolicy';
import type { Example } from '../../src/rubric/example';
import { trueReward } from '../../src/rubric/tinyWorld';
import { Engine } from '../../src/worker/engine';
import { openData } from '../../src/worker/openData';
import { type OpenModel, openModel } from '../../src/worker/openModel';
import { completeConfig } from '../../src/worker/prepareRun';
import { average } from './average';

/** The recipe that the page offers for the built-in model; evaluation and experiment use the same. */
export const DEMO: RunConfigInput = PRESETS.find(({ id }) => id === 'demo')!.config;

export interface Bench {
  readonly engine: Engine;
  readonly opened: OpenModel;
  readonly train: readonly Example[];
  readonly heldOut: readonly Example[];
}

/** The model of a folder and the sample, as the lab opens them. */
export async function openBench(folder: string): Promise<Bench> {
  const opened = await openModel(await nodeFiles(folder), { builtIn: true });
  const examplesOf = async (name: string) => {
    const { files } = await openData([await nodeFile(`public/sample/${name}.jsonl`)], { builtIn: true });
    return files.flatMap(({ examples }) => examples.map(({ example }) => example));
  };
  const [train, heldOut] = [await examplesOf('triage'), await examplesOf('triage-heldout')];
  return { engine: new Engine(openDawn), opened, train, heldOut };
}

export async function buildModel({ engine, opened, train, heldOut }: Bench, change: RunConfigInput) {
  const run = completeConfig(runConfigSchema.parse({ ...DEMO, ...change }), opened);
  const model = await engine.build(opened, run, [...train, ...heldOut], () => {});
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

/** True reward of answers sampled as in training. The same seed asks with the same draws. */
export async function trueScore(
  model: LanguageModel,
  { opened }: Bench,
  { run, examples, answers, seed }: { run: RunConfig; examples: readonly Example[]; answers: number; seed: number },
): Promise<TrueScore> {
  const policy = new TransformerPolicy(model, opened.text);
  const rollouts = await policy.generate(examples, answers, run.sampling, { seed });
  const perPrompt = examples.map((example, i) => {
    const own = rollouts.slice(i * answers, (i + 1) * answers);
    return own.reduce((sum, { completion }) => sum + trueReward(example, completion)!, 0) / answers;
  });
  const mean = average(perPrompt);
  return {
    mean,
    standardError: standardError(perPrompt),
    perPrompt,
    meanTokens: average(rollouts.map(({ logprobs }) => logprobs.length)),
    cutOff: average(rollouts.map(({ finish }) => (finish === 'length' ? 1 : 0))),
    rollouts,
  };
}

/** Of the mean of independent values. */
export function standardError(values: readonly number[]): number {
  const mean = average(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length);
}
