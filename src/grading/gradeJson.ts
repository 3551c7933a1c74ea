import type { CriterionGrade } from '../domain/verdict';
import { derive } from '../random';
import type { Grading } from './graderModel';
import type { GradingRequest } from './gradingRequest';
import { readVerdict } from './readVerdict';

/** The model writes its whole reply; what cannot be read is asked again with other draws, `tries` times in all. */
export async function gradeJson(questions: readonly GradingRequest[], grading: Grading): Promise<CriterionGrade[]> {
  const { model, text, config, adapter, signal, onProgress, onGrade, onTokens } = grading;
  const grades: CriterionGrade[] = new Array(questions.length);
  let open = questions.map((_, i) => i);
  for (let attempt = 0; attempt < config.tries && open.length > 0; attempt++) {
    const before = questions.length - open.length;
    const asked = open;
    const requests = open.map((i) => ({
      tokens: questions[i]!.tokens,
      seed: derive(questions[i]!.seed, attempt),
    }));
    const replies = await model.generate(requests, {
      sampling: config.sampling,
      endTokens: model.config.endTokens,
      adapter,
      ...(signal && { signal }),
      onProgress: (done, total) => onProgress(before + Math.floor((done / total) * open.length), questions.length),
      onTokens: (i, tokens) => onTokens(asked[i]!, tokens),
    });
    signal?.throwIfAborted();
    open.forEach((question, i) => {
      const { tokens, finish } = replies[i]!;
      const grade = readVerdict(text.decode(Int32Array.from(tokens)));
      const cutOff = grade.verdict === 'ungraded' && finish === 'length';
      grades[question] = cutOff ? { ...grade, failure: `${grade.failure}, cut off at the token limit` } : grade;
      onGrade(question, grades[question]);
    });
    open = open.filter((i) => grades[i]!.verdict === 'ungraded');
    if (config.sampling.temperature === 0) break; // the next try would be the same
  }
  onProgress(questions.length, questions.length);
  return grades;
}
