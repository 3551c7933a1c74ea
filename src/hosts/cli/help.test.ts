import { expect, it } from 'vitest';
import { command } from './command';
import { commandHelp, labHelp } from './help';
import { COMMANDS } from './registry';
import { UsageError } from './usage';

const fly = command({
  about: 'Flies.',
  options: {
    to: { type: 'text', placeholder: 'place', required: true, multiple: true, help: 'Where to.' },
    wing: { type: 'number', min: 1, help: 'Wings.' },
    height: { type: 'number', min: 0, max: 9, whole: false, default: 2.5, help: 'Height, in kilometres.' },
    mode: { type: 'choice', choices: ['glide', 'flap'], help: 'How.' },
    fast: { type: 'flag', help: 'Hurry.' },
  },
  either: [['wing', 'mode']],
  run: async ({ to, height }) => to.length + height,
});

it('comes from the declaration', () => {
  expect(commandHelp('fly', fly)).toBe(
    `Usage: npm run lab -- fly (--wing <n> | --mode <glide|flap>) --to <place> [options]

Flies.

  --to <place>                  Where to. [repeatable; required]
  --wing <n>                    Wings. [at least 1]
  --height <n>                  Height, in kilometres. [0 to 9; default 2.5]
  --mode <glide|flap>           How.
  --fast                        Hurry.`,
  );
});

it('exactly one of a group is given', async () => {
  expect(await fly.run(['--to', 'sea', '--wing', '2'])).toBe(3.5);
  const message = /^give either --wing or --mode$/;
  await expect(fly.run(['--to', 'sea'])).rejects.toThrow(message);
  await expect(fly.run(['--to', 'sea', '--wing', '2', '--mode', 'flap'])).rejects.toThrow(UsageError);
});

it.each(COMMANDS.map(({ name, load }) => [name, load] as const))('%s describes every option', async (name, load) => {
  const loaded = await load();
  const help = commandHelp(name, loaded);
  for (const [option, { help: text }] of Object.entries(loaded.options)) {
    expect(help).toContain(`  --${option}`);
    expect(text, option).toMatch(/^[A-Z](.|\n)*[.]$/);
  }
  for (const names of loaded.either) for (const option of names) expect(loaded.options).toHaveProperty(option);
  expect(Math.max(...help.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});

it('has one short line per command', () => {
  expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
  for (const line of labHelp(COMMANDS).split('\n')) expect(line.length).toBeLessThan(80);
});
