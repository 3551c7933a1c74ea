import type { Command } from './command';
import type { Option } from './option';
import type { CommandEntry } from './registry';

const WIDTH = 100;
const INDENT = 32;

/** The commands, one per line. */
export function labHelp(entries: readonly CommandEntry[]): string {
  const longest = Math.max(...entries.map(({ name }) => name.length));
  return [
    'Autodidact on the command line, on Dawn for Node.',
    '',
    'Usage: npm run lab -- <command> [options]',
    '',
    ...entries.map(({ name, summary }) => `  ${name.padEnd(longest)}  ${summary}`),
    '',
    'Options of a command: npm run lab -- <command> --help',
  ].join('\n');
}

/** The help of one command, from its declaration. */
export function commandHelp(name: string, { about, options, either }: Command): string {
  const one = (option: string) => `--${option}${placeholder(options[option]!)}`;
  const required = Object.keys(options).filter((option) => isRequired(options[option]!));
  const parts = [...either.map((names) => `(${names.map(one).join(' | ')})`), ...required.map(one), '[options]'];
  return [
    ...wrapped(`Usage: npm run lab -- ${name} ${parts.join(' ')}`, 7).map((line, i) => (i ? `       ${line}` : line)),
    '',
    ...about.split('\n').flatMap((paragraph) => wrapped(paragraph, 0)),
    '',
    ...Object.entries(options).flatMap(([option, declared]) => optionLines(one(option), declared)),
  ].join('\n');
}

function optionLines(named: string, option: Option): string[] {
  const [first = '', ...rest] = wrapped(optionHelp(option), INDENT);
  const pad = ' '.repeat(INDENT);
  const head = `  ${named}`;
  const begins = head.length < INDENT - 1 ? [head.padEnd(INDENT) + first] : [head, pad + first];
  return [...begins, ...rest.map((line) => pad + line)];
}

/** The help with bounds, default, and whether the option is required or repeatable. */
function optionHelp(option: Option): string {
  const notes: string[] = [];
  if (option.type === 'number')
    notes.push(option.max === undefined ? `at least ${option.min}` : `${option.min} to ${option.max}`);
  if (option.type === 'text' && option.multiple) notes.push('repeatable');
  if (isRequired(option)) notes.push('required');
  if ('default' in option && option.default !== undefined) notes.push(`default ${option.default}`);
  return notes.length === 0 ? option.help : `${option.help} [${notes.join('; ')}]`;
}

const isRequired = (option: Option): boolean => 'required' in option && option.required === true;

function placeholder(option: Option): string {
  if (option.type === 'flag') return '';
  if (option.type === 'number') return ' <n>';
  return ` <${option.type === 'choice' ? option.choices.join('|') : option.placeholder}>`;
}

/** Wraps a text into the width that an indent leaves. */
function wrapped(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line += (line === '' ? '' : ' ') + word;
  }
  return [...lines, line];
}
