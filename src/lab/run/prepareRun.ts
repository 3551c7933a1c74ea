import type { LocatedExample } from '../../data/parse';
import type { RowProblem } from '../../domain/dataReport';
import type { Criterion, Example } from '../../domain/example';
import type { MemoryPlan } from '../../domain/memoryPlan';
import { problems } from '../../domain/recipe/problems';
import { type Recipe, recipeSchema } from '../../domain/recipe/recipe';
import type { AdapterFacts } from '../../gpu/device';
import { FRAME_TOKENS } from '../../grading/graderModel';
import { graderPrompt, parseTemplate } from '../../grading/graderPrompt';
import { MAX_CRITERION_CHARACTERS, rubricPrompt, rubricTokens } from '../../grading/rubricPrompt';
import type { WeightFormat } from '../../kernels/weight';
import { FORMAT_OF } from '../../kernels/weightPack';
import { type Formats, memoryPlan, type PlanInput } from '../../model/plan';
import { EMBEDDING } from '../../model/weights';
import { promptTokens } from '../../rl/transformerPolicy';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';

/** Roles and blank lines around the messages of a conversation, as the grader's prompt spells them. */
const CONVERSATION_TOKENS = 64;
/** Criteria that are tokenized to find the longest. */
const LONGEST_CRITERIA = 8;

/** Stands for the criteria that are not written yet. */
const LONGEST_WRITTEN = 'word '.repeat(MAX_CRITERION_CHARACTERS / 5);

/** The run as it will be: every default filled in, with the model's own grader prompt. Throws what is wrong with it. */
export function completeConfig(config: unknown, model: OpenModel): Recipe {
  const run = recipeSchema.parse(config);
  const wrong = problems(run);
  if (wrong.length > 0) throw new LabError('badConfig', wrong.join('; '), 'Change the recipe.');
  const template = run.grader.template ?? model.graderTemplate ?? undefined;
  try {
    parseTemplate(template);
  } catch (error) {
    throw new LabError('badConfig', (error as Error).message, 'Correct the grader template, or leave it out.');
  }
  return { ...run, grader: { ...run.grader, ...(template !== undefined && { template }) } };
}

/** Tokens that a grading needs besides conversation and answer: instructions, frame and the longest criterion. */
export function graderTokens(run: Recipe, { text }: OpenModel, examples: readonly Example[]): number {
  const template = parseTemplate(run.grader.template);
  const criteria = examples.flatMap(({ rubrics }) => rubrics);
  if (run.rubrics.write !== 'never') criteria.push({ criterion: LONGEST_WRITTEN, points: -10, tags: [] });
  const longest = [...criteria].sort((a, b) => b.criterion.length - a.criterion.length).slice(0, LONGEST_CRITERIA);
  const count = (criterion: Pick<Criterion, 'criterion' | 'points'>) =>
    text.encodeChat(graderPrompt(template, [], '', criterion), { thinking: false }).length;
  return Math.max(count({ criterion: '', points: -10 }), ...longest.map(count)) + FRAME_TOKENS + CONVERSATION_TOKENS;
}

export function planInput(run: Recipe, model: OpenModel, examples: readonly Example[], facts: AdapterFacts): PlanInput {
  const tokens = { graderTokens: graderTokens(run, model, examples), writerTokens: writerTokens(run, model) };
  return { model: model.report.config, run, facts, ...tokens };
}

/** Tokens that writing a rubric needs besides the conversation. */
function writerTokens({ rubrics, grader }: Recipe, { text }: OpenModel): number {
  if (rubrics.write === 'never' || rubrics.writer === 'teacher') return 0;
  const thought = grader.mode === 'json' ? grader.sampling.maxNewTokens : 0;
  const asked = text.encodeChat(rubricPrompt([], rubrics.criteria), { thinking: false }).length;
  return asked + CONVERSATION_TOKENS + thought + rubricTokens(rubrics.criteria);
}

/** Throws LabError when the model's context holds no conversation beside the grader's prompt and reply: every grade would be missing. */
export function checkGradingRoom(run: Recipe, model: OpenModel, examples: readonly Example[]): void {
  const { contextLength } = model.report.config;
  if (run.grader.kind === 'teacher') return;
  const reply = run.grader.mode === 'verdict' ? 0 : run.grader.sampling.maxNewTokens;
  const needed = graderTokens(run, model, examples) + reply;
  if (needed < contextLength) return;
  throw new LabError(
    'badConfig',
    `A grading needs ${needed} tokens besides the conversation, and the model takes ${contextLength} in all.`,
    'Use a shorter grader template, shorter reasons, or the verdict mode.',
  );
}

/** The memory that a run needs. */
export const planRun = (input: PlanInput, model: OpenModel): MemoryPlan => memoryPlan(input, formatsOf(model));

/** The embedding's format, and that of most other weights. */
function formatsOf({ checkpoint }: OpenModel): Formats {
  const bytes = new Map<WeightFormat, number>();
  for (const { name, format, bytes: size } of checkpoint.tensors.values()) {
    if (name !== EMBEDDING) bytes.set(FORMAT_OF[format], (bytes.get(FORMAT_OF[format]) ?? 0) + size);
  }
  return {
    projections: [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'f32',
    embedding: FORMAT_OF[checkpoint.tensors.get(EMBEDDING)?.format ?? 'F32'],
  };
}

/** Leaves out the prompts that are too long, and says which. Gives way to other work while it counts. */
export async function fittingExamples(
  located: readonly LocatedExample[],
  run: Recipe,
  model: OpenModel,
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ kept: LocatedExample[]; tooLong: RowProblem[] }> {
  const room = model.report.config.contextLength - run.sampling.maxNewTokens;
  const limit = Math.min(run.maxPromptTokens, room);
  if (room < 1) {
    const advice = `Use at most ${model.report.config.contextLength - 64} tokens for an answer.`;
    throw new LabError('badConfig', 'The answer length leaves no room for a prompt in this model’s context.', advice);
  }
  const kept: LocatedExample[] = [];
  const tooLong: RowProblem[] = [];
  let lastRest = performance.now();
  for (const [i, item] of located.entries()) {
    onProgress?.(i, located.length);
    const { length } = promptTokens(model.text, item.example.prompt, run.thinking);
    if (length <= limit) kept.push(item);
    else {
      tooLong.push({
        file: item.file,
        line: item.line,
        reason: `too long: the prompt has ${length} tokens, at most ${limit} fit`,
      });
    }
    if (performance.now() - lastRest > 20) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
      lastRest = performance.now();
    }
  }
  if (kept.length === 0) {
    throw new LabError(
      'badConfig',
      `Every prompt is longer than ${limit} tokens, so nothing is left to train on.`,
      'Raise the prompt length, or use a model with a longer context.',
    );
  }
  return { kept, tooLong };
}
