import type { GraderConfig } from '../domain/recipe/recipe';
import type { ChatText } from '../text/chatText';
import type { Progress } from './grader';
import type { GraderModel } from './graderModel';

/** A prompt that ends where the writer begins. */
export interface WriterRequest {
  readonly tokens: Int32Array;
  readonly seed: number;
}

export interface Writing {
  readonly model: GraderModel;
  readonly text: ChatText;
  readonly config: GraderConfig;
  readonly adapter: boolean;
  readonly criteria: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
}
