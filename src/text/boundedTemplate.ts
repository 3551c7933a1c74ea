import { Environment, Interpreter, type Template } from '@huggingface/jinja';

/** Nodes that one rendering may evaluate: a conversation of 1,000 turns takes about 50,000. */
const MOST_STEPS = 1_000_000;
/**
 * Characters that may pass through expressions: so many, and each of the conversation's so often. An item of a list
 * counts for 8.
 */
const MOST_CHARACTERS = 16_000_000;
const MOST_USES = 64;
const CHARACTERS_PER_ITEM = 8;
const MOST_ITEMS = 100_000;
/** Also the widest indentation that a filter may be asked for. */
const LARGEST_INTEGER = 10_000_000;

/**
 * Llama 3's templates write today's date unless told one; a run must not depend on the day. This is their own default.
 */
export const TEMPLATE_DATE = '26 Jul 2024';
const DATE_PARTS: Record<string, string> = {
  a: 'Fri',
  A: 'Friday',
  b: 'Jul',
  B: 'July',
  d: '26',
  H: '00',
  m: '07',
  M: '00',
  S: '00',
  y: '24',
  Y: '2024',
};

/** A range() whose items count over a whole rendering: loops with empty bodies cost no step. */
function boundedRange() {
  let left = MOST_ITEMS;
  return (start: number, stop?: number, step = 1): number[] => {
    const [from, to] = stop === undefined ? [0, start] : [start, stop];
    if (![from, to, step].every(Number.isSafeInteger) || step === 0)
      throw new Error('range() needs integers, and a step other than 0');
    const items = Math.max(0, Math.ceil((to - from) / step));
    left -= items;
    if (left < 0) throw new Error(`its range() has more than ${MOST_ITEMS} items`);
    return Array.from({ length: items }, (_, i) => from + i * step);
  };
}

const GLOBALS = {
  false: false,
  true: true,
  none: null,
  False: false,
  True: true,
  None: null,
  raise_exception: (reason: string) => {
    throw new Error(reason);
  },
  strftime_now: (format: string) => format.replace(/%([a-zA-Z])/g, (all, part: string) => DATE_PARTS[part] ?? all),
};

/**
 * The library's interpreter with a budget. Every node of a template passes through evaluate(), bodies of loops and
 * macros too.
 */
class BoundedInterpreter extends Interpreter {
  private steps = MOST_STEPS;

  constructor(
    environment: Environment,
    private characters: number,
  ) {
    super(environment);
  }

  override evaluate(...[node, environment]: Parameters<Interpreter['evaluate']>): ReturnType<Interpreter['evaluate']> {
    if (--this.steps < 0) throw new Error(`it does not finish within ${MOST_STEPS} steps`);
    const result = super.evaluate(node, environment);
    const { value } = result as { value: unknown };
    if (typeof value === 'string') this.characters -= value.length;
    else if (Array.isArray(value)) this.characters -= CHARACTERS_PER_ITEM * value.length;
    else if (typeof value === 'number' && Math.abs(value) > LARGEST_INTEGER) throw new Error(`it counts to ${value}`);
    if (this.characters < 0) throw new Error('it makes too much text');
    return result;
  }
}

/** The text of a template. Throws an Error that says which bound it passes: it neither hangs nor fills the memory. */
export function renderBounded(template: Template, items: Record<string, unknown>, given: number): string {
  const environment = new Environment();
  for (const [name, value] of Object.entries({ ...GLOBALS, range: boundedRange(), ...items }))
    environment.set(name, value);
  const interpreter = new BoundedInterpreter(environment, MOST_CHARACTERS + MOST_USES * given);
  return (interpreter.run(template.parsed) as { value: string }).value;
}
