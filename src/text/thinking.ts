/**
 * The answer without its thinking: <think>…</think> is removed, also when it never closes, or when only its end is there because the
 * prompt already opened it. The grader and the person see what is left.
 */
export function stripThinking(text: string): string {
  const end = text.lastIndexOf('</think>');
  const answer = end < 0 ? text : text.slice(end + '</think>'.length);
  const before = end < 0 ? '' : text.slice(0, end);
  // What came before the thinking is part of the answer, unless the prompt opened the thinking.
  const open = before.indexOf('<think>');
  const kept = (open < 0 ? '' : before.slice(0, open)) + answer;
  const unclosed = kept.indexOf('<think>');
  const result = unclosed < 0 ? kept : kept.slice(0, unclosed);
  return end < 0 && unclosed < 0 ? text : result.trim();
}
