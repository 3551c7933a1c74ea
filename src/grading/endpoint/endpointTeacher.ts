import type { Example, Message } from '../../domain/example';
import type { GraderConfig, Sampling } from '../../domain/recipe/recipe';
import type { Rollout } from '../../domain/rollout';
import type { CriterionGrade, Grade } from '../../domain/verdict';
import { derive } from '../../random';
import type { GradeOptions, Grader, Progress } from '../grader';
import { type GraderTemplate, parseTemplate } from '../graderPrompt';
import { gradingPrompts } from '../gradingRequest';
import { readVerdict, ungraded } from '../readVerdict';
import { readRubric, rubricPrompt, rubricTokens, type WrittenRubric } from '../rubricPrompt';
import type { RubricWriter } from '../rubricWriter';
import type { Teacher } from '../teacher';
import { inParallel } from './backOff';
import { ChatEndpoint, type EndpointConfig, type Reply } from './chatEndpoint';
import { verdictConfidence } from './verdictLogprobs';

/** Alternatives asked for at each token of a grade: true and false are among the likeliest. */
const ALTERNATIVES = 5;

interface Options {
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
}

/**
 * A teacher behind an endpoint. It is asked in words and replies in JSON, whatever the grading mode. Throws when the template lacks a slot or the
 * address is none.
 */
export function endpointTeacher(
  config: EndpointConfig,
  grader: GraderConfig,
  key: string | null,
  options: { readonly timeout?: number; readonly base?: number } = {},
): Teacher {
  const endpoint = new ChatEndpoint(config, key, options);
  return {
    name: config.model,
    grader: new EndpointGrader(endpoint, config, grader, parseTemplate(grader.template)),
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

  async grade(rollouts: readonly Rollout[], { seed, signal, onProgress, onGrade }: GradeOptions): Promise<Grade[]> {
    const { endpoint, config, grader } = this;
    const asked = gradingPrompts(rollouts, this.template, { ...grader, mode: 'json' }, seed);
    const grades: CriterionGrade[][] = rollouts.map(({ example }) => new Array(example.rubrics.length));
    let done = 0;
    await inParallel(
      asked,
      config.concurrency,
      async ({ messages, seed: own, places }, running) => {
        const grade = await readable(
          endpoint,
          messages,
          grader,
          { seed: own, signal: running, logprobs: ALTERNATIVES },
          readGrade,
        );
        for (const { rollout, criterion } of places) {
          grades[rollout]![criterion] = grade;
          onGrade?.(rollout, criterion, grade);
        }
        onProgress?.(++done, asked.length);
      },
      signal,
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
    { criteria, seed, signal, onProgress }: Options & { criteria: number },
  ): Promise<WrittenRubric[]> {
    const { endpoint, config, grader } = this;
    const sampling = { ...grader.sampling, maxNewTokens: grader.sampling.maxNewTokens + rubricTokens(criteria) };
    const read = (reply: Reply) => ('failure' in reply ? reply : readRubric(reply.text, criteria));
    let done = 0;
    return inParallel(
      examples.map(({ prompt }, index) => ({ messages: rubricPrompt(prompt, criteria), seed: derive(seed, index) })),
      config.concurrency,
      async ({ messages, seed: own }, running) => {
        const options = { seed: own, signal: running };
        const written = await readable(endpoint, messages, { ...grader, sampling }, options, (reply) => {
          const value = read(reply);
          return { value, sound: 'rubric' in value };
        });
        onProgress?.(++done, examples.length);
        return written;
      },
      signal,
    );
  }
}

/** Asks until the reply can be read, with other draws each time, `tries` times in all. */
async function readable<T>(
  endpoint: ChatEndpoint,
  messages: readonly Message[],
  { sampling, thinking, tries }: { sampling: Sampling; thinking?: boolean | undefined; tries: number },
  { seed, ...asked }: { seed: number; signal: AbortSignal; logprobs?: number },
  read: (reply: Reply) => { value: T; sound: boolean },
): Promise<T> {
  const how = { sampling, ...asked, ...(thinking !== undefined && { thinking }) };
  for (let attempt = 0; ; attempt++) {
    const reply = await endpoint.complete(messages, { ...how, seed: derive(seed, attempt) });
    const { value, sound } = read(reply);
    // Without a reply the endpoint has been tried often enough; at temperature 0 the next would be the same.
    if (sound || 'failure' in reply || attempt + 1 >= tries || sampling.temperature === 0) return value;
  }
}

function readGrade(reply: Reply): { value: CriterionGrade; sound: boolean } {
  if ('failure' in reply) return { value: ungraded(reply.failure), sound: false };
  const grade = readVerdict(reply.text);
  if (grade.verdict !== 'ungraded') {
    const confidence = reply.logprobs && verdictConfidence(reply.logprobs, grade.verdict === 'met');
    return { value: { ...grade, confidence }, sound: true };
  }
  const failure = reply.cutOff ? `${grade.failure}, cut off at the token limit` : grade.failure;
  return { value: { ...grade, failure }, sound: false };
}
