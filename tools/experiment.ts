/** Runs an experiment by name: `npm run experiment -- NAME [OPTIONS]`. Each says at its top what it does and takes. */
export const EXPERIMENTS: Readonly<Record<string, () => Promise<unknown>>> = {
  world: () => import('./tiny/experiment/experiment'),
  'real-model': () => import('./literacy/experiment'),
};

const [name = ''] = process.argv.splice(2, 1);
const run = EXPERIMENTS[name];
if (run) await run();
else {
  console.error(`There is no experiment ${JSON.stringify(name)}: ${Object.keys(EXPERIMENTS).join(', ')} are.`);
  process.exitCode = 2;
}
