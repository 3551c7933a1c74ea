import { Tokenizer as Library } from '@huggingface/tokenizers';
import { z } from 'zod';
import { damaged, FormatError } from '../formats/formatError';
import type { TokenizerFiles, TokenizerJson } from '../formats/tokenizerFiles';
import { checkPatterns } from './patternBounds';
import { type Place, stepsAt } from './prefix';
import { exactPreTokenizer } from './preTokenizer';
import { type Spelling, spellingOf } from './spelling';

/** No vocabulary comes near; a false id must not make a table of that size. */
const MOST_TOKENS = 2 ** 24;

/**
 * Text ↔ token ids of a checkpoint with a BPE vocabulary, byte-level or in SentencePiece’s spelling. Two kinds of text
 * never mix: plain text, which may say anything and yields no control token whatever it says, and a chat template's own
 * text (chatTemplate.ts), the only one whose `<|im_end|>` is the token.
 */
export class Tokenizer {
  /** Highest id + 1. The model's vocabulary may be larger; such ids decode to nothing. */
  readonly vocabularySize: number;
  readonly endTokens: readonly number[];
  /**
   * Every token outside ordinary text, by its spelling: `<|im_end|>`, and also Qwen3's `<think>`. Plain text never
   * yields these. White space and HTML's tags that were added as tokens (Gemma) are ordinary text.
   */
  readonly markers: ReadonlyMap<string, number>;
  /** The markers that decode() leaves out: those that the tokenizer calls special. `<think>` is not among them. */
  readonly controlTokens: ReadonlySet<number>;
  /** Token that the tokenizer puts before a text by itself (Llama 3); null for most. */
  readonly beginToken: number | null;
  readonly chatTemplate: string | null;
  /** Variables that chat templates may use. */
  readonly templateTokens: { readonly bos_token: string; readonly eos_token: string };

  /** Markers that swallow white space beside them (Phi-3). */
  readonly swallowsBefore: ReadonlySet<number>;
  readonly swallowsAfter: ReadonlySet<number>;

  private readonly libraries = new Map<string, Library>();
  private readonly spelling: Spelling;
  private readonly spellings: readonly (string | undefined)[];
  private readonly bytes: (Uint8Array | undefined)[] = [];

  private constructor(private readonly files: TokenizerFiles) {
    const { tokenizer, config } = files;
    checkPatterns([tokenizer.normalizer, tokenizer.pre_tokenizer]);
    this.spelling = spellingOf(tokenizer.decoder);
    const added = tokenizer.added_tokens.filter((token) => !isOrdinary(token));
    this.markers = new Map(added.map(({ content, id }) => [content, id]));
    this.controlTokens = new Set(added.filter(({ special }) => special).map(({ id }) => id));
    this.swallowsBefore = new Set(added.filter(({ lstrip }) => lstrip).map(({ id }) => id));
    this.swallowsAfter = new Set(added.filter(({ rstrip }) => rstrip).map(({ id }) => id));
    this.endTokens = files.endTokens;
    this.chatTemplate = files.chatTemplate;
    this.templateTokens = { bos_token: config.bos_token ?? '', eos_token: config.eos_token ?? '' };
    const begin = config.add_bos_token ? config.bos_token : templateStart(tokenizer.post_processor);
    this.beginToken = this.markers.get(begin ?? '') ?? null;

    const spellings: string[] = [];
    for (const [token, id] of [...Object.entries(tokenizer.model.vocab), ...this.markers]) {
      if (!(Number.isInteger(id) && id >= 0 && id < MOST_TOKENS))
        throw damaged('tokenizer.json', `${JSON.stringify(token.slice(0, 40))} has the id ${id}`);
      spellings[id] = token;
    }
    this.spellings = spellings;
    this.vocabularySize = spellings.length;
    this.library('start'); // refused now, if at all
  }

  /** Throws FormatError for a tokenizer of another kind. */
  static fromFiles(files: TokenizerFiles): Tokenizer {
    return new Tokenizer(files);
  }

  /** Ids of plain text; no token is put before or after it, and nothing in it becomes a marker. */
  encode(text: string, place: Place = 'start'): Int32Array<ArrayBuffer> {
    if (text === '') return new Int32Array(0);
    return Int32Array.from(this.library(place).encode(text, { add_special_tokens: false }).ids);
  }

  /** One for each set of steps: they are the same at every place for most. */
  private library(place: Place): Library {
    const { tokenizer } = this.files;
    const steps = stepsAt({ normalizer: tokenizer.normalizer, pre_tokenizer: tokenizer.pre_tokenizer }, place);
    const key = JSON.stringify(steps);
    const library = this.libraries.get(key) ?? plainLibrary({ ...tokenizer, ...steps }, this.markers);
    this.libraries.set(key, library);
    return library;
  }

  /**
   * Text of ids; bytes that are not UTF-8 become U+FFFD. `control: true` spells control tokens out instead of leaving
   * them out.
   */
  decode(ids: Iterable<number>, { control = false } = {}): string {
    const decoder = this.decoder({ control });
    let text = '';
    for (const id of ids) text += decoder.push(id);
    return text + decoder.end();
  }

  /**
   * Decodes token by token: a character comes when its last byte has come. The space that encoding puts before a text
   * is left out.
   */
  decoder({ control = false } = {}): { push(id: number): string; end(): string } {
    const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
    let drop = this.spelling.leadingSpaces;
    const started = (text: string): string => {
      let from = 0;
      while (drop > 0 && text[from] === ' ') {
        from++;
        drop--;
      }
      if (from < text.length) drop = 0;
      return text.slice(from);
    };
    return {
      push: (id) =>
        !control && this.controlTokens.has(id) ? '' : started(utf8.decode(this.tokenBytes(id), { stream: true })),
      end: () => started(utf8.decode()),
    };
  }

  /** Bytes that a token stands for; empty for an id without one. A token may hold part of a character. */
  tokenBytes(id: number): Uint8Array {
    let bytes = this.bytes[id];
    if (!bytes) {
      const spelling = this.spellings[id] ?? '';
      const isMarker = this.markers.get(spelling) === id;
      bytes = isMarker ? new TextEncoder().encode(spelling) : this.spelling.bytes(spelling);
      this.bytes[id] = bytes;
    }
    return bytes;
  }

  /** A token on its own, control tokens spelled out. */
  tokenText(id: number): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.tokenBytes(id));
  }
}

/** Tags of HTML that Gemma's vocabulary has as tokens. None of them is a marker of a chat. */
const TAGS =
  /^<\/?(?:table|caption|t(?:head|body|foot|r|h|d)|h[1-6]|blockquote|strong|em|b|i|u|s|su[bp]|code|a|html|body|img|span|bbox|[uo]l|li|div|iframe|footer)>$/;

/** An added token that plain text may say. `<s>` is one only where the vocabulary does not begin texts with it. */
const isOrdinary = ({ special, content }: TokenizerJson['added_tokens'][number]): boolean =>
  !special && (/^[\s▁]+$/.test(content) || TAGS.test(content));

/** The library's tokenizer without any added token but those of ordinary text, so that no text can yield one. */
function plainLibrary(tokenizer: TokenizerJson, markers: ReadonlyMap<string, number>): Library {
  const { model } = tokenizer;
  const inVocabulary = [...markers.keys()].some((marker) => Object.hasOwn(model.vocab, marker));
  const plainModel = inVocabulary
    ? {
        ...model,
        vocab: Object.fromEntries(
          // What stands for unknown text stays: no merge leads to it.
          Object.entries(model.vocab).filter(([token]) => !markers.has(token) || token === model.unk_token),
        ),
        merges: model.merges.filter(
          (merge) => !markers.has(typeof merge === 'string' ? merge.replace(' ', '') : merge[0] + merge[1]),
        ),
      }
    : model;
  try {
    return new Library(
      {
        normalizer: tokenizer.normalizer ?? null,
        pre_tokenizer: exactPreTokenizer(tokenizer.pre_tokenizer),
        post_processor: null,
        decoder: null,
        added_tokens: tokenizer.added_tokens.filter(isOrdinary),
        model: plainModel,
      },
      { clean_up_tokenization_spaces: false },
    );
  } catch (cause) {
    throw new FormatError(
      `tokenizer.json cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      'Use a checkpoint with a BPE tokenizer, such as SmolLM2, Llama, Gemma or Qwen3.',
      { cause },
    );
  }
}

/** The token that tokenizer.json's post-processor puts before a text, if it does. */
function templateStart(step: unknown): string | null {
  const parsed = postProcessorSchema.safeParse(step);
  if (!parsed.success) return null;
  const { processors, single } = parsed.data;
  return single?.[0]?.SpecialToken?.id ?? processors?.map(templateStart).find((token) => token !== null) ?? null;
}

const postProcessorSchema = z.looseObject({
  processors: z.array(z.unknown()).optional(), // of a Sequence
  single: z.array(z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }).optional() })).optional(), // of a TemplateProcessing
});
