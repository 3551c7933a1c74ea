import type { Command } from './command';

export interface CommandEntry {
  readonly name: string;
  /** One line of --help. */
  readonly summary: string;
  /** Loaded when asked for, so that the list of commands and a wrong name are answered at once. */
  load(): Promise<Command>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'prepare',
    summary: 'Split and filter a rubric file',
    load: async () => (await import('./commands/prepare')).prepare,
  },
  { name: 'train', summary: 'Train a model by GRPO', load: async () => (await import('./commands/train')).train },
  {
    name: 'recipe',
    summary: 'List the settings of a recipe, or print a preset',
    load: async () => (await import('./commands/recipe')).recipe,
  },
  { name: 'generate', summary: 'Answer prompts', load: async () => (await import('./commands/generate')).generate },
  {
    name: 'logprobs',
    summary: 'Print the log-probability of every token of a text',
    load: async () => (await import('./commands/logprobs')).logprobs,
  },
  { name: 'grade', summary: 'Grade given answers', load: async () => (await import('./commands/grade')).grade },
  {
    name: 'evaluate',
    summary: 'Score a model, or recorded grades, as simple-evals does',
    load: async () => (await import('./commands/evaluate')).evaluate,
  },
  {
    name: 'audit',
    summary: 'Compare a grader with physicians or recorded verdicts',
    load: async () => (await import('./commands/audit')).audit,
  },
  {
    name: 'diagnose',
    summary: 'Diagnose a run from its logs',
    load: async () => (await import('./commands/diagnose')).diagnoseRun,
  },
  {
    name: 'export',
    summary: 'Export a checkpoint or the logs of a run',
    load: async () => (await import('./commands/exportRun')).exportRun,
  },
];
