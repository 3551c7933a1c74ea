import type { GraderConfig } from '../domain/recipe/recipe';
import type { Rollout } from '../domain/rollout';
import type { CriterionGrade, Grade } from '../domain/verdict';
import type { ChatText } from '../text/chatText';
import { gradeForced, gradeVerdict } from './gradeForced';
import { gradeJson } from './gradeJson';
import type { GradeOptions, Grader } from './grader';
import { type GraderModel, graderNewTokens } from './graderModel';
import { type GraderTemplate, parseTemplate } from './graderPrompt';
import { type GradingRequest, makeGradingRequests } from './gradingRequest';

const MODES = { json: gradeJson, forced: gradeForced, verdict: gradeVerdict };

/** Grades with the language model itself, one criterion at a time. */
export class ModelGrader implements Grader {
  private readonly template: GraderTemplate;

  /** Throws when the template lacks a slot. */
  constructor(
    private readonly model: GraderModel,
    private readonly text: ChatText,
    private readonly config: GraderConfig,
  ) {
    this.template = parseTemplate(config.template);
  }

  async grade(
    rollouts: readonly Rollout[],
    { seed, signal, onProgress, onGrade, onTokens }: GradeOptions,
  ): Promise<Grade[]> {
    const { model, text, config } = this;
    const grades: CriterionGrade[][] = rollouts.map(({ example }) => new Array(example.rubrics.length));
    const tell = ({ places }: GradingRequest, grade: CriterionGrade) => {
      for (const { rollout, criterion } of places) onGrade?.(rollout, criterion, grade);
    };
    const put = ({ places }: GradingRequest, grade: CriterionGrade) => {
      for (const { rollout, criterion } of places) grades[rollout]![criterion] = grade;
    };

    const longest = model.contextLength - graderNewTokens(config);
    const questions = makeGradingRequests(rollouts, this.template, config, text, seed);
    const fitting = questions.filter((question) => question.tokens.length <= longest);
    for (const question of questions) {
      if (question.tokens.length <= longest) continue;
      const grade = tooLong(question.tokens.length, longest);
      put(question, grade);
      tell(question, grade);
    }
    if (fitting.length === 0) return grades;
    const answered = await MODES[config.mode](fitting, {
      model,
      text,
      config,
      adapter: config.kind === 'self',
      ...(signal && { signal }),
      onProgress: (done, total) => onProgress?.(done, total),
      onGrade: (i, grade) => tell(fitting[i]!, grade),
      onTokens: (i, tokens) => {
        for (const { rollout, criterion } of fitting[i]!.places) onTokens?.(rollout, criterion, tokens);
      },
    });
    signal?.throwIfAborted();
    fitting.forEach((question, i) => {
      put(question, answered[i]!);
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
