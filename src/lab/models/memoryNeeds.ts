import type { Criterion, Example } from '../../domain/example';
import type { MemoryPlan } from '../../domain/memoryPlan';
import type { Recipe } from '../../domain/recipe/recipe';
import { EMBEDDING } from '../../families/tensors';
import type { AdapterFacts } from '../../gpu/device';
import { FRAME_TOKENS } from '../../grading/graderModel';
import { graderPrompt, parseTemplate } from '../../grading/graderPrompt';
import { MAX_CRITERION_CHARACTERS, rubricPrompt, rubricTokens } from '../../grading/rubricPrompt';
import type { WeightFormat } from '../../kernels/weights/weight';
import { FORMAT_OF } from '../../kernels/weights/weightPack';
import { type Formats, memoryPlan, type PlanInput } from '../../model/plan';
import type { OpenModel } from './openModel';

/** Roles and blank lines around the messages of a conversation, as the grader's prompt spells them. */
const CONVERSATION_TOKENS = 64;
/** Criteria that are tokenized to find the longest. */
const LONGEST_CRITERIA = 8;

/** Stands for the criteria that are not written yet. */
const LONGEST_WRITTEN = 'word '.repeat(MAX_CRITERION_CHARACTERS / 5);

/** A recipe with what the data and the tokenizer add to it: buffer sizes follow from it, the model and the adapter. */
export type MemoryNeeds = Pick<PlanInput, 'run' | 'graderTokens' | 'writerTokens'>;

/** `examples`: all that the model will answer or grade. */
export function memoryNeeds(run: Recipe, model: OpenModel, examples: readonly Example[]): MemoryNeeds {
  return { run, graderTokens: graderTokens(run, model, examples), writerTokens: writerTokens(run, model) };
}

export const planInput = (needs: MemoryNeeds, model: OpenModel, facts: AdapterFacts): PlanInput => ({
  model: model.report.config,
  facts,
  ...needs,
});

/** The memory that a run needs. */
export const planRun = (input: PlanInput, model: OpenModel): MemoryPlan => memoryPlan(input, formatsOf(model));

/** Tokens that a grading needs besides conversation and answer: instructions, frame and the longest criterion. */
function graderTokens(run: Recipe, { text }: OpenModel, examples: readonly Example[]): number {
  const template = parseTemplate(run.grader.template, run.seed);
  // A fence takes more tokens a message than a chat template does.
  const turns = template.fenced ? longestPrompt(examples) : [];
  const criteria = examples.flatMap(({ rubrics }) => rubrics);
  if (run.rubrics.write !== 'never') criteria.push({ criterion: LONGEST_WRITTEN, points: -10, tags: [] });
  const longest = [...criteria].sort((a, b) => b.criterion.length - a.criterion.length).slice(0, LONGEST_CRITERIA);
  const count = (criterion: Pick<Criterion, 'criterion' | 'points'>) =>
    text.encodeChat(graderPrompt(template, turns, '', criterion), { thinking: false }).length;
  return Math.max(count({ criterion: '', points: -10 }), ...longest.map(count)) + FRAME_TOKENS + CONVERSATION_TOKENS;
}

/** The roles of the conversation with the most messages. */
const longestPrompt = (examples: readonly Example[]): Example['prompt'] =>
  examples
    .reduce<Example['prompt']>((most, { prompt }) => (prompt.length > most.length ? prompt : most), [])
    .map(({ role }) => ({ role, content: '' }));

/** Tokens that writing a rubric needs besides the conversation. */
function writerTokens({ rubrics, grader }: Recipe, { text }: OpenModel): number {
  if (rubrics.write === 'never' || rubrics.writer === 'teacher') return 0;
  const thought = grader.mode === 'json' ? grader.sampling.maxNewTokens : 0;
  const asked = text.encodeChat(rubricPrompt([], rubrics.criteria), { thinking: false }).length;
  return asked + CONVERSATION_TOKENS + thought + rubricTokens(rubrics.criteria);
}

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
