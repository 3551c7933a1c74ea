import type { GraderConfig } from '../../domain/recipe/grader';
import type { ChatText } from '../../text/chatText';
import type { GraderModel } from '../graderModel';
import { ModelGrader } from '../policyGrader';
import { ModelRubricWriter } from '../rubricWriter';
import { NO_USAGE, type Teacher } from '../teacher';

/** A model in ONNX Runtime, here or in a thread of its own. */
export interface OnnxGraderModel extends GraderModel {
  /** Read and written so far. */
  readonly tokens: number;
  release(): Promise<void>;
}

/** A teacher run by ONNX Runtime: every grading mode works with it, as with the lab's own models. */
export function onnxTeacher(
  name: string,
  model: OnnxGraderModel,
  text: ChatText,
  config: GraderConfig,
  seed?: number,
): Teacher {
  let counted = model.tokens;
  return {
    name,
    grader: new ModelGrader(model, text, config, seed),
    writer: new ModelRubricWriter(model, text, config, false),
    takeUsage: () => {
      const tokens = model.tokens - counted;
      counted = model.tokens;
      return { ...NO_USAGE, tokens };
    },
    release: () => void model.release(),
  };
}
