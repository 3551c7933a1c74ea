import type { GraderConfig } from '../domain/recipe/grader';
import type { ChatText } from '../text/chatText';
import type { GraderModel } from './graderModel';

/** A prompt that ends where the writer begins. */
export interface WriterRequest {
  readonly tokens: Int32Array;
  readonly seed: number;
}

/** What rubrics are written with. */
export interface WriterOptions {
  readonly model: GraderModel;
  readonly text: ChatText;
  readonly config: GraderConfig;
  readonly adapter: boolean;
  readonly criteria: number;
}
