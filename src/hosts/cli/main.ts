import { commandHelp, labHelp } from './help';
import { printLine, printNote } from './print/terminal';
import { COMMANDS } from './registry';
import { UsageError } from './usage';

const isHelp = (arg: string) => arg === '--help' || arg === '-h';

async function main([name, ...args]: readonly string[]): Promise<number> {
  try {
    if (name === 'help' || (name !== undefined && isHelp(name))) return print(labHelp(COMMANDS));
    const entry = COMMANDS.find((command) => command.name === name);
    if (!entry) {
      const what = name === undefined ? 'no command given' : `unknown command ${JSON.stringify(name)}`;
      throw new UsageError(`${what}: use one of ${COMMANDS.map((command) => command.name).join(', ')}, or --help`);
    }
    const command = await entry.load();
    if (args.some(isHelp)) return print(commandHelp(entry.name, command));
    return await command.run(args);
  } catch (error) {
    const { errorLine, failureLine } = await import('./failureLine');
    if (error instanceof UsageError) {
      printNote(`lab: ${failureLine({ message: error.message, advice: '' })}`);
      return 2;
    }
    printNote(`lab: ${errorLine(error)}`);
    if (process.env.DEBUG) for (const line of stackOf(error).split('\n')) printNote(line);
    return 1;
  }
}

const stackOf = (error: unknown): string => (error instanceof Error && error.stack) || String(error);

function print(text: string): number {
  for (const line of text.split('\n')) printLine(line);
  return 0;
}

// Exits explicitly, because Dawn's threads keep the process alive.
process.exit(await main(process.argv.slice(2)));
