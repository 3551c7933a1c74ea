import { z } from 'zod';
import { FormatError } from '../formats/formatError';
import { spelledBytes } from './byteLevel';

/** How a vocabulary's entries stand for bytes, as tokenizer.json's decoder says. */
export interface Spelling {
  /** Bytes of an entry that is ordinary text. */
  bytes(token: string): Uint8Array;
  /**
   * Spaces dropped at the start of a text, which encoding put there: 0 for byte-level vocabularies, 1 for most of
   * SentencePiece's.
   */
  readonly leadingSpaces: number;
}

const stepSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('ByteLevel') }),
  z.looseObject({ type: z.literal('ByteFallback') }),
  z.looseObject({ type: z.literal('Fuse') }),
  z.looseObject({ type: z.literal('Replace'), pattern: z.object({ String: z.string().min(1) }), content: z.string() }),
  z.looseObject({
    type: z.literal('Strip'),
    content: z.literal(' '),
    start: z.number().int().min(0),
    stop: z.literal(0),
  }),
  z.looseObject({
    type: z.literal('Metaspace'),
    replacement: z.string().length(1).default('▁'),
    prepend_scheme: z.enum(['always', 'first', 'never']).default('always'),
  }),
]);
type Step = z.infer<typeof stepSchema>;

const decoderSchema = z.union([
  stepSchema.transform((step) => [step]),
  z.looseObject({ type: z.literal('Sequence'), decoders: z.array(stepSchema) }).transform(({ decoders }) => decoders),
]);

/** Throws FormatError for a decoder whose tokens are not pieces of text by themselves. */
export function spellingOf(decoder: unknown): Spelling {
  const parsed = decoderSchema.safeParse(decoder);
  if (!parsed.success || parsed.data.length === 0) {
    const type = typeof decoder === 'object' && decoder !== null && 'type' in decoder ? String(decoder.type) : 'none';
    throw new FormatError(
      `tokenizer.json decodes by ${type === 'Sequence' ? 'a sequence of steps that is' : `${type}, which is`} not supported`,
      'Use a checkpoint with a BPE tokenizer, such as SmolLM2, Llama, Gemma or Qwen3.',
    );
  }
  const steps = parsed.data;
  const byteLevel = steps.some(({ type }) => type === 'ByteLevel');
  const fallback = steps.some(({ type }) => type === 'ByteFallback');
  const encoder = new TextEncoder();
  return {
    bytes: (token) => {
      const byte = fallback ? /^<0x([0-9A-F]{2})>$/.exec(token)?.[1] : undefined;
      if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
      const text = steps.reduce(respelled, token);
      return (byteLevel ? spelledBytes(text) : null) ?? encoder.encode(text);
    },
    leadingSpaces: steps.reduce((sum, step) => sum + dropped(step), 0),
  };
}

function respelled(token: string, step: Step): string {
  if (step.type === 'Replace') return token.replaceAll(step.pattern.String, step.content);
  return step.type === 'Metaspace' ? token.replaceAll(step.replacement, ' ') : token;
}

function dropped(step: Step): number {
  if (step.type === 'Strip') return step.start;
  return step.type === 'Metaspace' && step.prepend_scheme !== 'never' ? 1 : 0;
}
