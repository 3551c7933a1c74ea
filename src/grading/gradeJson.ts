import type { CriterionGrade } from '../domain/verdict';
import { partOf } from '../domain/workContext';
import { derive } from '../random';
import type { ModeContext, ModeOptions } from './graderModel';
import type { GradingRequest } from './gradingRequest';
import { readVerdict } from './readVerdict';

/**
 * The model writes its whole reply; requests whose reply is unreadable are sent again with other draws, `tries` times
 * in all.
 */
export async function gradeJson(
  requests: readonly GradingRequest[],
  { model, text, config, adapter }: ModeOptions,
  context: ModeContext,
): Promise<CriterionGrade[]> {
  const { sampling, tries } = config;
  const { endTokens } = model.config;
  const total = requests.length;
  const grades: CriterionGrade[] = new Array(total);
  let open = requests.map((_, i) => i);
  for (let attempt = 0; attempt < tries && open.length > 0; attempt++) {
    const sent = open;
    const replies = await model.generate(
      sent.map((i) => ({ tokens: requests[i]!.tokens, seed: derive(requests[i]!.seed, attempt) })),
      { sampling, endTokens, adapter },
      {
        ...partOf(context, { before: total - sent.length, size: sent.length, total }),
        onTokens: (i, tokens) => context.onTokens(sent[i]!, tokens),
      },
    );
    context.signal?.throwIfAborted();
    sent.forEach((request, i) => {
      const { tokens, finish } = replies[i]!;
      const grade = readVerdict(text.decode(Int32Array.from(tokens)));
      const cutOff = grade.verdict === 'ungraded' && finish === 'length';
      grades[request] = cutOff ? { ...grade, failure: `${grade.failure}, cut off at the token limit` } : grade;
      context.onGrade(request, grades[request]);
    });
    open = sent.filter((i) => grades[i]!.verdict === 'ungraded');
    if (sampling.temperature === 0) break; // the next try would be the same
  }
  context.onProgress?.(total, total);
  return grades;
}
