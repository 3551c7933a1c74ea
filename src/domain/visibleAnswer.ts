/**
 * What the grader sees of an answer: no thinking (an unfinished thought hides everything after it, a lone closing tag everything before) and no
 * control tokens, even where a model spelt them out in letters.
 */
export function visibleAnswer(completion: string): string {
  const closed = completion.replace(/<think>[\s\S]*?<\/think>/g, '');
  const end = closed.lastIndexOf('</think>');
  const said = end < 0 ? closed : closed.slice(end + '</think>'.length);
  const visible = said.split('<think>')[0]!;
  return visible.replace(/<\|[\w ./-]{1,40}\|>|<\/?s>/g, '').trim();
}
