import type { GraderConfig } from '../domain/recipe/grader';
import type { Rollout } from '../domain/rollout';
import type { CriterionGrade, Grade } from '../domain/verdict';
import type { ChatText } from '../text/chatText';
import { gradeWithChecks } from './gradeChecks';
import { gradeForcedVotes, gradeVerdict } from './gradeForced';
import { gradeJson } from './gradeJson';
import type { Grader, GradingContext } from './grader';
import { type GraderModel, graderNewTokens } from './graderModel';
import { type GraderTemplate, parseTemplate } from './graderPrompt';
import { type GradingRequest, makeGradingRequests } from './gradingRequest';

const MODES = { json: gradeJson, forced: gradeForcedVotes, verdict: gradeVerdict };

/** Grades with the language model itself, one criterion at a time. */
export class ModelGrader implements Grader {
  private readonly template: GraderTemplate;

  /** `seed` is the run's: the fence of its grading prompts follows from it. Throws when the template lacks a slot. */
  constructor(
    private readonly model: GraderModel,
    private readonly text: ChatText,
    private readonly config: GraderConfig,
    seed = 0,
  ) {
    this.template = parseTemplate(config.template, seed);
  }

  grade(
    rollouts: readonly Rollout[],
    { seed }: { readonly seed: number },
    context: GradingContext = {},
  ): Promise<Grade[]> {
    return gradeWithChecks(rollouts, this.config.checks, context, (judged, own) => this.judge(judged, seed, own));
  }

  private async judge(
    rollouts: readonly Rollout[],
    seed: number,
    { signal, onProgress, onGrade, onReasoning }: GradingContext,
  ): Promise<Grade[]> {
    const { model, text, config } = this;
    const grades: CriterionGrade[][] = rollouts.map(({ example }) => new Array(example.rubrics.length));
    const report = ({ places }: GradingRequest, grade: CriterionGrade) => {
      for (const { rollout, criterion } of places) onGrade?.(rollout, criterion, grade);
    };
    const put = ({ places }: GradingRequest, grade: CriterionGrade) => {
      for (const { rollout, criterion } of places) grades[rollout]![criterion] = grade;
    };

    const longest = model.contextLength - graderNewTokens(config);
    const requests = makeGradingRequests(rollouts, this.template, config, text, seed);
    const fitting = requests.filter(({ tokens }) => tokens.length <= longest);
    for (const request of requests) {
      if (request.tokens.length <= longest) continue;
      const grade = tooLong(request.tokens.length, longest);
      put(request, grade);
      report(request, grade);
    }
    if (fitting.length === 0) return grades;
    const options = { model, text, config, adapter: config.kind === 'self' };
    const graded = await MODES[config.mode](fitting, options, {
      signal,
      onProgress,
      onGrade: (i, grade) => report(fitting[i]!, grade),
      onTokens: (i, tokens) => {
        for (const { rollout, criterion } of fitting[i]!.places) onReasoning?.(rollout, criterion, tokens);
      },
    });
    signal?.throwIfAborted();
    fitting.forEach((request, i) => {
      put(request, graded[i]!);
    });
    return grades;
  }
}

const tooLong = (tokens: number, longest: number): CriterionGrade => ({
  verdict: 'ungraded',
  explanation: '',
  confidence: null,
  failure: `the grading prompt has ${tokens} tokens, there is room for ${longest}`,
});
