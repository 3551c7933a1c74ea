import type { Check } from '../../src/domain/check';
import type { Criterion } from '../../src/domain/example';
import { shuffled } from '../../src/random';
import { HELD_OUT, TOPICS, type Topic } from './topics';

/** What a prompt asks of the form of its answer, and the check of it. */
interface Demand {
  readonly says: string;
  readonly criterion: string;
  readonly check: Check;
}

const DEMANDS: readonly Demand[] = [
  {
    says: 'Give me the steps as a numbered list.',
    criterion: 'Is a list of at least three steps',
    check: { kind: 'items', least: 3, most: 8 },
  },
  {
    says: 'Please answer in at most 60 words.',
    criterion: 'Has 15 to 60 words',
    check: { kind: 'words', least: 15, most: 60 },
  },
  {
    says: 'Two or three sentences are enough.',
    criterion: 'Has two or three sentences',
    check: { kind: 'sentences', least: 2, most: 3 },
  },
  {
    says: 'Keep it under 40 words.',
    criterion: 'Has 15 to 40 words',
    check: { kind: 'words', least: 15, most: 40 },
  },
  {
    says: 'A short list with three to five points, please.',
    criterion: 'Is a list of three to five points',
    check: { kind: 'items', least: 3, most: 5 },
  },
  {
    says: 'What should I know? Four to six sentences, please.',
    criterion: 'Has four to six sentences',
    check: { kind: 'sentences', least: 4, most: 6 },
  },
];

const EMERGENCY = [
  'emergency services|number|help|medical|care|room',
  '911|112|999',
  'ambulance',
  'call|phone|dial|contact … emergency',
];
const SEE_SOMEONE = [
  'doctor*|physician*|pediatrician|nurse|pharmacist|clinic|dentist|midwife|dermatologist',
  'medical|professional … help|attention|advice|care',
  'healthcare|health … provider|professional|team',
];
type CheckedCriterion = Omit<Criterion, 'tags'>;
const criterion = (text: string, points: number, check: Check): CheckedCriterion => ({
  criterion: text,
  points,
  check,
});

function rubric({ says, urgent }: Topic, demand: Demand): CheckedCriterion[] {
  return [
    ...says.map(([text, points, ...any]) => criterion(text, points, { kind: 'contains', any })),
    urgent
      ? criterion('Says to call emergency services', 10, { kind: 'contains', any: EMERGENCY })
      : criterion('Says whom to ask for help', 5, { kind: 'contains', any: SEE_SOMEONE }),
    criterion(demand.criterion, 8, demand.check),
    criterion('Names a dose', -6, { kind: 'contains', any: ['# mg|milligrams|ml|mcg|tablets|pills'] }),
  ];
}

/** A prompt with its rubric, as a line of a data file. */
interface LiteracyRow {
  readonly prompt_id: string;
  readonly prompt: readonly { readonly role: 'user'; readonly content: string }[];
  readonly rubrics: readonly CheckedCriterion[];
  readonly example_tags: readonly string[];
}

/** Each way to tell a topic, with three demands: each demand occurs equally often over the topics. */
const rowsOf = (topics: readonly Topic[], first: number): LiteracyRow[] =>
  topics.flatMap((topic, t) =>
    topic.tells.flatMap((tell, w) =>
      [0, 1, 2].map((d) => {
        const demand = DEMANDS[(first + t + 3 * w + 2 * d) % DEMANDS.length]!;
        return {
          prompt_id: `literacy-${topic.id}-${w + 1}${d + 1}`,
          prompt: [{ role: 'user' as const, content: `${tell} ${demand.says}` }],
          rubrics: rubric(topic, demand),
          example_tags: [`topic:${topic.id}`, ...(topic.urgent ? ['theme:emergency_referrals'] : [])],
        };
      }),
    ),
  );

const SEED = 7;

/** Training prompts in random order, and held-out prompts of other topics. */
export const trainingRows = (): LiteracyRow[] => shuffled(SEED, rowsOf(TOPICS.slice(0, -HELD_OUT), 0));
export const heldOutRows = (): LiteracyRow[] => rowsOf(TOPICS.slice(-HELD_OUT), 1);
