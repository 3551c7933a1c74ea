import { HELP, UsageError } from './usage';

/** Loaded when asked for, so that help and mistakes are answered at once. Each resolves with the exit code. */
const COMMANDS: Record<string, (args: readonly string[]) => Promise<number>> = {
  prepare: async (args) => (await import('./commands/prepare')).prepare(args),
  train: async (args) => (await import('./commands/train')).train(args),
  generate: async (args) => (await import('./commands/generate')).generate(args),
  logprobs: async (args) => (await import('./commands/logprobs')).logprobs(args),
  grade: async (args) => (await import('./commands/grade')).grade(args),
  evaluate: async (args) => (await import('./commands/evaluate')).evaluate(args),
  audit: async (args) => (await import('./commands/audit')).audit(args),
  doctor: async (args) => (await import('./commands/diagnose')).doctor(args),
  export: async (args) => (await import('./commands/exportRun')).exportRun(args),
};

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help' || args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  try {
    const command = name === undefined ? undefined : COMMANDS[name];
    if (!command) {
      const what = name === undefined ? 'no command given' : `unknown command ${JSON.stringify(name)}`;
      throw new UsageError(`${what}: use one of ${Object.keys(COMMANDS).join(', ')}, or --help`);
    }
    return await command(args);
  } catch (error) {
    const { errorLine, failureLine } = await import('./failureLine');
    if (error instanceof UsageError) {
      process.stderr.write(`lab: ${failureLine({ message: error.message, advice: '' })}\n`);
      return 2;
    }
    process.stderr.write(`lab: ${errorLine(error)}\n`);
    if (process.env.DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return 1;
  }
}

// Dawn's threads would keep the process alive.
process.exit(await main(process.argv.slice(2)));
