import type { GraderConfig } from '../domain/recipe/grader';
import type { CriterionGrade } from '../domain/verdict';
import type { WorkContext } from '../domain/workContext';
import type { LanguageModel } from '../model/languageModel';
import type { ChatText } from '../text/chatText';

/** The part of a LanguageModel that grading uses. Other engines' models have it too (onnx/onnxModel.ts). */
export interface GraderModel extends Pick<LanguageModel, 'contextLength' | 'generate' | 'score'> {
  readonly config: Pick<LanguageModel['config'], 'endTokens'>;
}

/** What a mode grades with. */
export interface ModeOptions {
  readonly model: GraderModel;
  readonly text: ChatText;
  readonly config: GraderConfig;
  /** Adapter on: the policy as it is now. Off: the weights that the run started from. */
  readonly adapter: boolean;
}

export interface ModeContext extends WorkContext {
  /** The grade of a request, as soon as it is known. */
  readonly onGrade: (request: number, grade: CriterionGrade) => void;
  /** The next tokens that are written about a request before its verdict. */
  readonly onTokens: (request: number, tokens: readonly number[]) => void;
}

/** Tokens that a mode writes or is given after the prompt, at most. The memory plan counts them. */
export const FRAME_TOKENS = 48;
export const graderNewTokens = ({ mode, sampling }: Pick<GraderConfig, 'mode' | 'sampling'>): number =>
  FRAME_TOKENS + (mode === 'verdict' ? 0 : sampling.maxNewTokens);
