import type { GraderConfig } from '../domain/recipe/recipe';
import type { CriterionGrade } from '../domain/verdict';
import type { LanguageModel } from '../model/languageModel';
import type { ChatText } from '../text/chatText';
import type { Progress } from './grader';

/** The part of a LanguageModel that grading uses. Other engines' models have it too (onnx/onnxModel.ts). */
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
