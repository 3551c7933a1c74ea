import { z } from 'zod';
import { choice, field } from './field';
import { samplingSchema } from './sampling';
import { teacherSchema } from './teacher';

const { maxNewTokens, temperature, topK, topP, minP, repetitionPenalty } = samplingSchema.shape;
const GRADING = { section: 'grading' } as const;
const MIXED = { path: 'grader.kind', is: ['mixed'] } as const;

/** The settings of answers with the titles of grading. */
const gradingSamplingSchema = z.object({
  temperature: field(temperature, {
    ...GRADING,
    title: 'Grading temperature',
    help: 'Higher values make grades more varied; 0 is greedy. The paper uses 0.6 and 1.0.',
    step: 0.1,
  }),
  topP: field(topP, {
    ...GRADING,
    title: 'Grading top-p',
    help: 'Samples grades from the most likely tokens up to this total probability; 1 is off.',
    step: 0.01,
  }),
  topK: field(topK, {
    ...GRADING,
    most: 1000,
    title: 'Grading top-k',
    help: 'Samples grades from this many of the most likely tokens; 0 is off.',
  }),
  maxNewTokens: field(maxNewTokens, {
    ...GRADING,
    step: 16,
    title: 'Max grade length',
    help: 'Longer grades are cut off here. A reasoning model that thinks before it grades needs thousands.',
    unit: 'tokens',
  }),
  minP: field(minP, {
    ...GRADING,
    onPage: false,
    title: 'Grading min-p',
    help: 'Drops tokens whose probability is below this share of the most likely token’s; 0 is off.',
  }),
  repetitionPenalty: field(repetitionPenalty, {
    ...GRADING,
    onPage: false,
    title: 'Grading repetition penalty',
    help: 'Higher values make tokens that already occurred less likely; 1 is off.',
  }),
});

export const graderSchema = z.object({
  kind: choice(
    { self: 'Current model', frozen: 'Frozen starting model', teacher: 'Teacher', mixed: 'Teacher and current model' },
    'self',
    {
      section: 'surface',
      title: 'Grader',
      help: 'Who grades the answers. The current model grades itself and changes as it learns; the frozen model cannot drift. A teacher is another model or a file of grades.',
    },
  ),
  /**
   * `json`: the model writes the whole JSON. `forced`: the JSON frame is given, the model writes the explanation, and
   * the verdict is read from the logits of true and false. `verdict`: only the verdict is read, nothing is decoded.
   */
  mode: choice({ forced: 'Reason, then verdict', verdict: 'Verdict only (fast)', json: 'Free JSON' }, 'forced', {
    ...GRADING,
    title: 'Grading format',
    help: 'Reason, then verdict: the model writes why, and the verdict is read from its probabilities of true and false. Verdict only: the model writes nothing. Free JSON: the model writes the whole grade, as published; small models often fail.',
  }),
  verdict: choice({ likelier: 'Most likely', drawn: 'Sampled', soft: 'Probability', votes: 'Votes' }, 'likelier', {
    ...GRADING,
    title: 'Verdict',
    help: 'Most likely: the same answer always gets the same verdict. Sampled at the grading temperature: verdicts vary as in free JSON. Probability: a criterion earns its points times p(met), so that rewards differ where verdicts do not (soft reward). Votes: it earns its points times the share of several sampled verdicts.',
    shown: { path: 'grader.mode', is: ['forced', 'verdict'] },
  }),
  votes: field(z.number().int().min(2).max(64).default(4), {
    ...GRADING,
    title: 'Votes per criterion',
    help: 'Sampled verdicts whose mean is the reward. With reasons, each vote writes its own and costs a grade; without, votes cost nothing.',
    shown: { path: 'grader.verdict', is: ['votes'] },
  }),
  sampling: gradingSamplingSchema.prefault({ temperature: 0.6, topP: 0.95, topK: 20, maxNewTokens: 256 }),
  thinking: field(z.boolean().optional(), {
    ...GRADING,
    title: 'Grader thinking',
    help: 'Whether a reasoning model thinks before it grades in free JSON.',
    labels: { absent: 'As in the chat template', true: 'On', false: 'Off' },
    shown: { path: 'grader.mode', is: ['json'] },
  }),
  checks: choice({ program: 'By program', grader: 'By the grader' }, 'program', {
    ...GRADING,
    title: 'Criteria with a check',
    help: 'By program: a criterion with a check, such as “at most 60 words”, costs no grading. By the grader: it is graded like the others, and the check only gives its true verdict.',
  }),
  ungraded: choice({ leftOut: 'Ignore', notMet: 'Count as not met' }, 'leftOut', {
    ...GRADING,
    title: 'Unreadable grade',
    help: 'Ignore: the criterion does not count in the reward. The published code counts it as not met, which punishes the answer for an error of the grader.',
  }),
  tries: field(z.number().int().min(1).max(10).default(3), {
    ...GRADING,
    title: 'Attempts per grade',
    help: 'Largest number of attempts until a grade in free JSON is readable.',
  }),
  template: field(z.string().optional(), {
    ...GRADING,
    onPage: false,
    title: 'Grader prompt',
    help: 'Template with <<conversation>>, <<rubric_item>> and <<fence>>, which puts each message between lines that its text cannot contain; the built-in prompt unless given. Without <<fence>>, as in the prompt of simple-evals, an answer can imitate the prompt’s structure.',
  }),
  teacher: teacherSchema.optional(),
  /** Only for `mixed`. */
  mixed: z
    .object({
      share: field(z.number().min(0).max(1).default(0.25), {
        ...GRADING,
        title: 'Teacher share',
        help: 'Share of the grades that the teacher gives, from 0 to 1. The current model gives the rest.',
        step: 0.05,
        shown: MIXED,
      }),
      by: choice({ prompt: 'Prompts of each step', step: 'Steps' }, 'prompt', {
        ...GRADING,
        title: 'Teacher share counts',
        help: 'All answers to a prompt have one grader, because their rewards are compared with each other.',
        shown: MIXED,
      }),
    })
    .prefault({}),
});
export type GraderConfig = z.infer<typeof graderSchema>;
