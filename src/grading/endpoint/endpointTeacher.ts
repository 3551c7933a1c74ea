import type { Example, Message } from '../../domain/example';
import type { GraderConfig } from '../../domain/recipe/grader';
import type { Rollout } from '../../domain/rollout';
import type { CriterionGrade, Grade } from '../../domain/verdict';
import type { WorkContext } from '../../domain/workContext';
import { derive } from '../../random';
import { gradeWithChecks } from '../gradeChecks';
import type { Grader, GradingContext } from '../grader';
import { type GraderTemplate, parseTemplate } from '../graderPrompt';
import { gradingPrompts } from '../gradingRequest';
import { readVerdict, ungraded } from '../readVerdict';
import { readRubric, rubricPrompt, rubricTokens, type WrittenRubric } from '../rubricPrompt';
import type { RubricWriter } from '../rubricWriter';
import type { Teacher } from '../teacher';
import { inParallel } from './backOff';
import { ChatEndpoint, type EndpointConfig, type Reply } from './chatEndpoint';
import { verdictConfidence } from './verdictLogprobs';

/** Alternatives requested at each token of a grade: true and false are among the likeliest. */
const ALTERNATIVES = 5;

/**
 * A teacher behind an endpoint. It gets chat messages and replies in JSON, whatever the grading mode. Throws when the
 * template lacks a slot or the address is not a URL.
 */
export function endpointTeacher(
  config: EndpointConfig,
  grader: GraderConfig,
  key: string | null,
  { seed, ...options }: { readonly timeout?: number; readonly base?: number; readonly seed?: number | undefined } = {},
): Teacher {
  const endpoint = new ChatEndpoint(config, key, options);
  return {
    name: config.model,
    grader: new EndpointGrader(endpoint, config, grader, parseTemplate(grader.template, seed)),
    writer: new EndpointWriter(endpoint, config, grader),
    takeUsage: () => endpoint.takeUsage(),
    release: () => {},
  };
}

class EndpointGrader implements Grader {
  constructor(
    private readonly endpoint: ChatEndpoint,
    private readonly config: EndpointConfig,
    private readonly grader: GraderConfig,
    private readonly template: GraderTemplate,
  ) {}

  grade(
    rollouts: readonly Rollout[],
    { seed }: { readonly seed: number },
    context: GradingContext = {},
  ): Promise<Grade[]> {
    return gradeWithChecks(rollouts, this.grader.checks, context, (judged, own) => this.judge(judged, seed, own));
  }

  private async judge(rollouts: readonly Rollout[], seed: number, context: GradingContext): Promise<Grade[]> {
    const { endpoint, config, grader } = this;
    const prompts = gradingPrompts(rollouts, this.template, { ...grader, mode: 'json' }, seed);
    const grades: CriterionGrade[][] = rollouts.map(({ example }) => new Array(example.rubrics.length));
    await inParallel(
      prompts,
      config.concurrency,
      async ({ messages, seed: own, places }, running) => {
        const options = { ...grader, seed: own, logprobs: ALTERNATIVES };
        const grade = await readable(endpoint, messages, options, (reply) => readGrade(reply, grader.verdict), running);
        for (const { rollout, criterion } of places) {
          grades[rollout]![criterion] = grade;
          context.onGrade?.(rollout, criterion, grade);
        }
      },
      context,
    );
    return grades;
  }
}

class EndpointWriter implements RubricWriter {
  constructor(
    private readonly endpoint: ChatEndpoint,
    private readonly config: EndpointConfig,
    private readonly grader: GraderConfig,
  ) {}

  write(
    examples: readonly Pick<Example, 'prompt'>[],
    { criteria, seed }: { criteria: number; seed: number },
    context: WorkContext = {},
  ): Promise<WrittenRubric[]> {
    const { endpoint, config, grader } = this;
    const sampling = { ...grader.sampling, maxNewTokens: grader.sampling.maxNewTokens + rubricTokens(criteria) };
    const read = (reply: Reply) => ('failure' in reply ? reply : readRubric(reply.text, criteria));
    return inParallel(
      examples.map(({ prompt }, index) => ({ messages: rubricPrompt(prompt, criteria), seed: derive(seed, index) })),
      config.concurrency,
      ({ messages, seed: own }, running) => {
        const readWritten = (reply: Reply) => {
          const value = read(reply);
          return { value, sound: 'rubric' in value };
        };
        return readable(endpoint, messages, { ...grader, sampling, seed: own }, readWritten, running);
      },
      context,
    );
  }
}

interface ReadableOptions extends Pick<GraderConfig, 'sampling' | 'thinking' | 'tries'> {
  readonly seed: number;
  readonly logprobs?: number;
}

/** Sends the messages until the reply can be read, with other draws each time, `tries` times in all. */
async function readable<T>(
  endpoint: ChatEndpoint,
  messages: readonly Message[],
  { sampling, thinking, tries, seed, logprobs }: ReadableOptions,
  read: (reply: Reply) => { value: T; sound: boolean },
  context: WorkContext,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const options = { sampling, thinking, logprobs, seed: derive(seed, attempt) };
    const reply = await endpoint.complete(messages, options, context);
    const { value, sound } = read(reply);
    // Without a reply the endpoint has been tried often enough; at temperature 0 the next would be the same.
    if (sound || 'failure' in reply || attempt + 1 >= tries || sampling.temperature === 0) return value;
  }
}

function readGrade(reply: Reply, verdict: GraderConfig['verdict']): { value: CriterionGrade; sound: boolean } {
  if ('failure' in reply) return { value: ungraded(reply.failure), sound: false };
  const grade = readVerdict(reply.text);
  if (grade.verdict !== 'ungraded') {
    const confidence = reply.logprobs && verdictConfidence(reply.logprobs, grade.verdict === 'met');
    // A soft reward needs probabilities, which not every service gives.
    const soft = verdict === 'soft' && confidence !== null && { credit: confidence };
    return { value: { ...grade, confidence, ...soft }, sound: true };
  }
  const failure = reply.cutOff ? `${grade.failure}, cut off at the token limit` : grade.failure;
  return { value: { ...grade, failure }, sound: false };
}
