import { graderSchema } from '../../domain/recipe/grader';
import { samplingSchema } from '../../domain/recipe/sampling';

const grader = graderSchema.parse({});
const sampling = samplingSchema.parse({});

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
export const SEED = { type: 'number', min: 0, max: 0xffffffff, help: 'Random seed.' } as const;
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
export const MAX_TOKENS = {
  type: 'number',
  min: 1,
  max: 32768,
  default: sampling.maxNewTokens,
  help: 'Maximum answer length, in tokens.',
} as const;
export const TEMPERATURE = {
  type: 'number',
  min: 0,
  max: 5,
  whole: false,
  default: sampling.temperature,
  help: 'Sampling temperature; 0 is greedy.',
} as const;
export const TOP_P = {
  type: 'number',
  min: 0.01,
  max: 1,
  whole: false,
  default: sampling.topP,
  help: 'Sample from the most likely tokens up to this total probability; 1 is off.',
} as const;
export const TOP_K = {
  type: 'number',
  min: 0,
  default: sampling.topK,
  help: 'Sample from this many of the most likely tokens; 0 is off.',
} as const;
export const HELD_OUT = {
  type: 'number',
  min: 0,
  max: 0.9,
  whole: false,
  help: 'Share of the examples to hold out, drawn by seed, if there is no hard file.',
} as const;
/** Kinds of teachers, within a sentence. */
export const TEACHER_PLACES =
  'the folder of an ONNX model, the URL of an OpenAI-compatible endpoint, or a file of recorded grades';
