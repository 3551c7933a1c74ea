import type { TokenizerFiles } from '../formats/tokenizerFiles';
import { encodeChat } from './chatTemplate';
import { patternsOf } from './patternBounds';
import { stressTexts } from './stressTexts';
import { Tokenizer } from './tokenizer';

/** The parts that are tried one after the other. */
export type TokenizerPart = 'tokenizer' | 'chat template' | 'patterns';

const TURNS = [
  { role: 'user', content: 'Which way is north?' },
  { role: 'assistant', content: 'That way.' },
  { role: 'user', content: 'And south?\n\n  It is 12:30, the sun is out.' },
] as const;

/**
 * Does with a checkpoint's tokenizer and chat template what a run would do, and encodes texts on which bad patterns are
 * slow. May hang or fill the memory: for a thread that can be ended (lab/models/probe.ts). Throws for a tokenizer that
 * can't be built, and where a pattern fails.
 */
export function tryTokenizer(files: TokenizerFiles, onPart: (part: TokenizerPart) => void): void {
  onPart('tokenizer');
  const tokenizer = Tokenizer.fromFiles(files);
  onPart('chat template');
  for (const messages of [TURNS.slice(0, 1), TURNS]) {
    try {
      encodeChat(tokenizer, messages, { addGenerationPrompt: true });
    } catch {
      // A template may refuse a conversation, in its time. Opening the model says so where it must not.
    }
  }
  onPart('patterns');
  const { normalizer, pre_tokenizer } = files.tokenizer;
  const patterns = [...patternsOf(normalizer), ...patternsOf(pre_tokenizer)];
  const texts = stressTexts(patterns);
  // Each pattern by itself: a step before it may change the text that it is slow on.
  const compiled = patterns.map(compile);
  for (const pattern of compiled) for (const text of texts) if (pattern) for (const _ of text.matchAll(pattern));
  // One that only the library can translate is tried by the tokenizer, whose merging takes longer than the pattern.
  const length = compiled.includes(null) ? 5000 : 500;
  for (const text of texts) tokenizer.encode(text.slice(0, length));
  for (const { content } of TURNS) tokenizer.encode(content);
}

function compile(pattern: string): RegExp | null {
  const plain = pattern.replaceAll('(?i:', '(?:'); // which JavaScript has not known for long
  try {
    return new RegExp(plain, plain === pattern ? 'gu' : 'giu');
  } catch {
    return null;
  }
}
