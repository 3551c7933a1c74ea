import { graderSchema } from '../../domain/recipe/grader';
import { samplingSchema } from '../../domain/recipe/sampling';

/** Options that several commands share. */
const grader = graderSchema.parse({});
const sampling = samplingSchema.parse({});

const FOLDER = { type: 'text', placeholder: 'folder' } as const;
const FILE = { type: 'text', placeholder: 'file' } as const;

export const MODEL = {
  type: 'text',
  placeholder: 'folder|gguf',
  help: 'Model: a Hugging Face folder or a GGUF file.',
} as const;
export const ADAPTER = { ...FOLDER, help: 'PEFT adapter to add to the weights of the model.' } as const;
export const RUN = { ...FOLDER, help: 'Run whose trained weights to use.' } as const;
export const STEP = { type: 'number', min: 0, help: 'Checkpoint of --run; the newest unless given.' } as const;
export const OUT = { ...FOLDER, required: true, help: 'Folder for the results.' } as const;
export const DATA = { ...FILE, multiple: true, help: 'Rubric JSONL, such as HealthBench’s.' } as const;
export const MAP = {
  type: 'text',
  placeholder: 'name=column,…',
  help:
    'Columns of a rubric JSONL with another layout, e.g. prompt=question,rubric=checks.list,points=weight. Names: prompt, ' +
    'rubric, criterion, points, tags, id, ideal. A column may be a path.',
} as const;
export const SEED = { type: 'number', min: 0, max: 0xffffffff, help: 'Random seed.' } as const;
export const LIMIT = { type: 'number', min: 1, help: 'Largest number of prompts; all unless given.' } as const;
export const MODE = {
  type: 'choice',
  choices: graderSchema.shape.mode.unwrap().options,
  default: grader.mode,
  help: 'Grading format: the model writes the whole JSON, or writes the reason and only the verdict is read, or only the verdict is read.',
} as const;
export const TEMPLATE = { ...FILE, help: 'Grader prompt with <<conversation>> and <<rubric_item>>.' } as const;
export const TEACHER_MODEL = {
  type: 'text',
  placeholder: 'name',
  help: 'Model to ask at an endpoint. The key comes from the environment variable AUTODIDACT_TEACHER_KEY.',
} as const;
export const MAX_TOKENS = {
  type: 'number',
  min: 1,
  max: 32768,
  default: sampling.maxNewTokens,
  help: 'Longest answer, in tokens.',
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
  help: 'Samples from the most likely tokens up to this total probability; 1 is off.',
} as const;
export const TOP_K = {
  type: 'number',
  min: 0,
  default: sampling.topK,
  help: 'Samples from so many of the most likely tokens; 0 is off.',
} as const;
export const HELD_OUT = {
  type: 'number',
  min: 0,
  max: 0.9,
  whole: false,
  help: 'Share of the examples held out by seed, where no hard file says which.',
} as const;
/** Where a teacher may be, within a sentence. */
export const TEACHER_PLACES =
  'the folder of an ONNX model, the URL of an OpenAI-compatible endpoint, or a file of recorded grades';
