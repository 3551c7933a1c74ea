const OPEN = '<think>';
const CLOSE = '</think>';
/** `<|im_end|>`, `<s>`, `</s>`. */
const CONTROL = /^(<\|[\w ./-]{1,40}\|>|<\/?s>)$/;
const LONGEST_TAG = 44;

/**
 * What the grader sees of an answer: no thinking (an unfinished thought hides everything after it, a lone closing tag
 * everything before it unless nothing follows) and no control tokens, even where a model spelt them out in letters. A
 * tag that forms around another that was taken out (`<|im_<|x|>end|>`) is taken out too: what comes out has none. In
 * time linear in the answer.
 */
export function visibleAnswer(completion: string): string {
  /** Texts between lone closing tags. */
  const said: string[] = [];
  /** What stands so far, cut before each `<` and after each `>`: a tag is always one piece. */
  const pieces: string[] = [];
  let thought = -1; // the piece that opened a thought

  for (const [cut] of completion.matchAll(/<[^<>]*>?|[^<>]+>?|>/g)) {
    const piece = cut.startsWith('<') || !isOpen(pieces.at(-1)) ? cut : pieces.pop() + cut;
    if (piece === CLOSE) {
      if (thought < 0) said.push(pieces.join(''));
      pieces.length = Math.max(0, thought);
      thought = -1;
    } else if (!CONTROL.test(piece)) {
      if (piece === OPEN && thought < 0) thought = pieces.length;
      pieces.push(piece);
    }
  }
  said.push((thought < 0 ? pieces : pieces.slice(0, thought)).join(''));
  return said.findLast((text) => text.trim() !== '')?.trim() ?? '';
}

/** A tag may still come of it. */
const isOpen = (piece = ''): boolean => piece.startsWith('<') && !piece.endsWith('>') && piece.length < LONGEST_TAG;
