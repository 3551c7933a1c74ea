/** GPT-2's way to cut text, which tokenizer.json's ByteLevel step applies when `use_regex` is on. */
const GPT2_WORDS = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

type Step = { readonly type?: unknown; readonly [key: string]: unknown };

const split = (pattern: string) => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});

/**
 * The same pre-tokenizer spelled so that the JavaScript library cuts as the original does. Its own Digits and ByteLevel
 * steps use JavaScript's \d and \s, which leave out numerals other than 0 … 9 and treat U+FEFF and U+0085 otherwise;
 * its Split step translates patterns correctly.
 */
export function exactPreTokenizer(step: unknown): unknown {
  if (!isStep(step)) return step;
  switch (step.type) {
    case 'Sequence':
      return Array.isArray(step.pretokenizers)
        ? { ...step, pretokenizers: step.pretokenizers.map(exactPreTokenizer) }
        : step;
    case 'Metaspace': {
      // The original also cuts before each mark unless told not to; the library does not.
      const mark = String(step.replacement ?? '▁').replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      const words = split(`${mark}?[^${mark}]+|${mark}`);
      return step.split === false ? step : { type: 'Sequence', pretokenizers: [step, words] };
    }
    case 'Digits':
      return split(step.individual_digits ? '\\p{N}' : '\\p{N}+');
    case 'ByteLevel':
      return step.use_regex === false || step.add_prefix_space === true
        ? step
        : { type: 'Sequence', pretokenizers: [split(GPT2_WORDS), { ...step, use_regex: false }] };
    default:
      return step;
  }
}

const isStep = (value: unknown): value is Step => typeof value === 'object' && value !== null;
