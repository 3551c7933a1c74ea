import { graderSchema } from '../../domain/recipe/grader';
import { recipeSchema } from '../../domain/recipe/recipe';
import { samplingSchema } from '../../domain/recipe/sampling';
import { numberOption } from './option';

const grader = graderSchema.parse({});
const sampling = samplingSchema.shape;
const recipe = recipeSchema.shape;

const FOLDER = { type: 'text', placeholder: 'folder' } as const;
const FILE = { type: 'text', placeholder: 'file' } as const;

export const MODEL = {
  type: 'text',
  placeholder: 'folder|gguf',
  help: 'Model: a Hugging Face folder or a GGUF file.',
} as const;
export const ADAPTER = { ...FOLDER, help: 'PEFT adapter to apply to the model.' } as const;
export const RUN = { ...FOLDER, help: 'Run with the trained weights to use.' } as const;
export const STEP = { type: 'number', min: 0, help: 'Step of the checkpoint of --run. Default: the newest.' } as const;
export const OUT = { ...FOLDER, required: true, help: 'Output folder.' } as const;
export const DATA = { ...FILE, multiple: true, help: 'Rubric file (JSONL), such as HealthBench.' } as const;
export const MAP = {
  type: 'text',
  placeholder: 'name=column,…',
  help:
    'Columns of a rubric file in another layout, such as prompt=question,rubric=checks.list,points=weight. Names: prompt, ' +
    'rubric, criterion, points, tags, id, ideal. A column can be a path.',
} as const;
const { default: _seed, ...SEED_BOUNDS } = numberOption(recipe.seed, 'Random seed.');
/** Each command has its own default. */
export const SEED = SEED_BOUNDS;
export const LIMIT = { type: 'number', min: 1, help: 'Maximum number of prompts. Default: all.' } as const;
export const MODE = {
  type: 'choice',
  choices: graderSchema.shape.mode.unwrap().options,
  default: grader.mode,
  help:
    'Grading format. forced: the model writes a reason, and the verdict is read from its logits; verdict: only the verdict ' +
    'is read; json: the model writes the whole JSON.',
} as const;
export const TEMPLATE = {
  ...FILE,
  help:
    'Grader prompt, with the placeholders <<conversation>> and <<rubric_item>>, and <<fence>>, which puts each message between ' +
    'lines that its text cannot contain.',
} as const;
export const TEACHER_MODEL = {
  type: 'text',
  placeholder: 'name',
  help: 'Name of the model at an endpoint. The environment variable AUTODIDACT_TEACHER_KEY holds the key.',
} as const;
export const MAX_TOKENS = numberOption(sampling.maxNewTokens, 'Maximum answer length, in tokens.');
export const TEMPERATURE = numberOption(sampling.temperature, 'Sampling temperature; 0 is greedy.');
export const TOP_P = {
  ...numberOption(sampling.topP, 'Sample from the most likely tokens up to this total probability; 1 is off.'),
  min: 0.01, // the schema takes any number above 0
} as const;
export const TOP_K = numberOption(sampling.topK, 'Sample from this many of the most likely tokens; 0 is off.');
const { default: _share, ...SHARE_BOUNDS } = numberOption(
  recipe.heldOutShare,
  'Share of the examples to hold out, drawn by seed, if there is no hard file.',
);
/** Each command has its own default. */
export const HELD_OUT = SHARE_BOUNDS;
/** Kinds of teachers, within a sentence. */
export const TEACHER_PLACES =
  'the folder of an ONNX model, the URL of an OpenAI-compatible endpoint, or a file of recorded grades';
