import type { Command } from './command';

export interface CommandEntry {
  readonly name: string;
  /** One line in --help. */
  readonly summary: string;
  /** Loaded on use, so that the list of commands and an unknown name are printed at once. */
  load(): Promise<Command>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'prepare',
    summary: 'Filter and split a rubric file',
    load: async () => (await import('./commands/prepare')).prepare,
  },
  { name: 'train', summary: 'Train a model with GRPO', load: async () => (await import('./commands/train')).train },
  {
    name: 'recipe',
    summary: 'List the recipe settings, or print a preset',
    load: async () => (await import('./commands/recipe')).recipe,
  },
  {
    name: 'generate',
    summary: 'Generate answers to prompts',
    load: async () => (await import('./commands/generate')).generate,
  },
  {
    name: 'logprobs',
    summary: 'Print the log-probability of every token of a text',
    load: async () => (await import('./commands/logprobs')).logprobs,
  },
  { name: 'grade', summary: 'Grade answers', load: async () => (await import('./commands/grade')).grade },
  {
    name: 'evaluate',
    summary: 'Score a model or recorded grades, as simple-evals does',
    load: async () => (await import('./commands/evaluate')).evaluate,
  },
  {
    name: 'check-grader',
    summary: 'Check before a run whether its grader tells answers apart',
    load: async () => (await import('./commands/checkGrader')).checkGrader,
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
