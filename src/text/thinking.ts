/**
 * The answer without its thinking: <think>…</think> is removed, also when it never closes, or when only its end is there because the
 * prompt already opened it. The grader and the person see what is left.
 */
export function stripThinking(text: string): string {
  let answer = '';
  let thinking = false;
  for (const piece of text.split(/(<\/?think>)/)) {
    if (piece === '<think>') {
      thinking = true;
    } else if (piece === '</think>') {
      if (!thinking) answer = '';
      thinking = false;
    } else if (!thinking) {
      answer += piece;
    }
  }
  return answer === text ? text : answer.trim();
}
