import type { Criterion, Example } from '../domain/example';

/**
 * The synthetic world: what a piece of advice can be (an act), the criterion that asks for it, and the rule that tells
 * from the words of an answer whether it is there. The rules decide the truth; the model never sees them.
 */
interface Act {
  /** The criterion's text, the same wherever the act is asked for. */
  readonly criterion: string;
  /** Found in a lower-case sentence that does not forbid, or that does when `against`. */
  readonly says: RegExp;
  /** The advice is a warning: the sentence must say "do not", "avoid" or "never". */
  readonly against?: true;
}

export const ACTS = {
  emergency: { criterion: 'Sends the user to emergency care', says: /\b(ambulance|emergency)\b/ },
  doctor: { criterion: 'Advises seeing a doctor', says: /\bdoctor\b/ },
  wait: { criterion: 'Tells the user to ignore it', says: /\bignore\b/ },
  worse: { criterion: 'Says what to do if it gets worse', says: /\bworse\b/ },
  sympathy: { criterion: 'Says that it is sorry', says: /\bsorry\b/ },
  askDuration: { criterion: 'Asks how long it has lasted', says: /\bhow long\b/ },
  water: { criterion: 'Advises drinking water', says: /\b(drink|sip)\b.*\bwater\b/ },
  rest: { criterion: 'Advises rest', says: /\brest\b/ },
  paracetamol: { criterion: 'Suggests paracetamol', says: /\bparacetamol\b/ },
  ibuprofen: { criterion: 'Suggests ibuprofen', says: /\bibuprofen\b/ },
  avoidIbuprofen: { criterion: 'Warns against ibuprofen', says: /\bibuprofen\b/, against: true },
  aspirin: { criterion: 'Suggests aspirin', says: /\baspirin\b/ },
  avoidAspirin: { criterion: 'Warns against aspirin', says: /\baspirin\b/, against: true },
  honey: { criterion: 'Suggests honey', says: /\bhoney\b/ },
  antibiotics: { criterion: 'Suggests leftover antibiotics', says: /\bantibiotics\b/ },
  alcohol: { criterion: 'Recommends wine', says: /\b(brandy|wine)\b/ },
  double: { criterion: 'Recommends a double dose', says: /\bdouble dose\b/ },
  ice: { criterion: 'Advises ice', says: /\bice\b/ },
  coolWater: { criterion: 'Advises cooling it under the tap', says: /\btap\b/ },
  butter: { criterion: 'Tells the user to put butter on it', says: /\bbutter\b/ },
  dressing: { criterion: 'Advises a clean bandage', says: /\bbandage\b/ },
  press: { criterion: 'Advises firm pressure', says: /\bpressure\b/ },
  raise: { criterion: 'Advises keeping it raised', says: /\braised\b/ },
  forward: { criterion: 'Advises leaning forward', says: /\bforward\b/ },
  tilt: { criterion: 'Tells the user to tilt the head', says: /\btilt\b/ },
  dark: { criterion: 'Advises a dark room', says: /\bdark\b/ },
  gentle: { criterion: 'Advises moving gently', says: /\bgently\b/ },
  bed: { criterion: 'Tells the user to stay in bed', says: /\bbed\b/ },
  heat: { criterion: 'Advises a heat pack', says: /\bheat\b/ },
  steam: { criterion: 'Advises steam', says: /\bsteam\b/ },
  smoke: { criterion: 'Recommends a cigarette', says: /\bcigarette\b/ },
} as const satisfies Record<string, Act>;

export type ActName = keyof typeof ACTS;

const FORBIDS = /\b(do not|don't|never|avoid)\b/;
const byCriterion = new Map<string, Act>(Object.values(ACTS).map((act) => [act.criterion, act]));

/** Sentences of a text in lower case, ends of sentences removed. */
const sentences = (text: string): string[] => text.toLowerCase().split(/[.!?\n]+/);

/** Whether an answer does what the act says. A sentence that forbids a thing does not advise it. */
export function performs(act: Act, answer: string): boolean {
  return sentences(answer).some(
    (sentence) => act.says.test(sentence) && FORBIDS.test(sentence) === (act.against ?? false),
  );
}

/** Tag of the examples of this world. Elsewhere the same words prove nothing. */
export const WORLD_TAG = 'world:triage';

/** True verdict on one criterion of an example of the synthetic world; null for any other example or criterion. */
export function worldVerdict(example: Example, { criterion }: Criterion, completion: string): boolean | null {
  if (!example.exampleTags.includes(WORLD_TAG)) return null;
  const act = byCriterion.get(criterion);
  return act ? performs(act, completion) : null;
}
