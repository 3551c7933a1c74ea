import type { GraderConfig } from '../config/run';
import type { LanguageModel } from '../model/languageModel';
import { type GraderTemplate, parseTemplate } from '../rubric/graderPrompt';
import type { CriterionGrade, Grade } from '../rubric/verdict';
import type { ChatText } from './chatText';
import { gradeForced, gradeVerdict } from './gradeForced';
import { gradeJson } from './gradeJson';
import type { GradeOptions, Grader, Progress, Rollout } from './policy';
import { makeQuestions, type Question } from './questions';

/** The part of a LanguageModel that grading uses. Other engines' models have it too (teacher/onnxModel.ts). */
export interface GraderModel extends Pick<LanguageModel, 'contextLength' | 'generate' | 'score'> {
  readonly config: Pick<LanguageModel['config'], 'endTokens'>;
}

/** What a mode needs to answer questions; it returns a grade for each. */
export interface Grading {
  readonly model: GraderModel;
  readonly text: ChatText;
  readonly config: GraderConfig;
  /** Adapter on: the policy as it is now. Off: the weights that the run started from. */
  readonly adapter: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress: Progress;
  /** The grade of a question, as soon as it is known. */
  readonly onGrade: (question: number, grade: CriterionGrade) => void;
  /** The next tokens of what is written about a question. */
  readonly onTokens: (question: number, tokens: readonly number[]) => void;
}

/** Tokens that a mode writes or is given after the prompt, at most. The memory plan counts them. */
export const FRAME_TOKENS = 48;
export const graderNewTokens = ({ mode, sampling }: Pick<GraderConfig, 'mode' | 'sampling'>): number =>
  FRAME_TOKENS + (mode === 'verdict' ? 0 : sampling.maxNewTokens);

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
    const tell = ({ places }: Question, grade: CriterionGrade) => {
      for (const { rollout, criterion } of places) onGrade?.(rollout, criterion, grade);
    };
    const put = ({ places }: Question, grade: CriterionGrade) => {
      for (const { rollout, criterion } of places) grades[rollout]![criterion] = grade;
    };

    const longest = model.contextLength - graderNewTokens(config);
    const questions = makeQuestions(rollouts, this.template, config, text, seed);
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
