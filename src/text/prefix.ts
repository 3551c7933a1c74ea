/**
 * Where a text stands. Vocabularies of SentencePiece's kind put a space before the first word: of a whole text, and for
 * some of them of whatever follows a control token; never within a text that goes on.
 */
export type Place = 'start' | 'afterMarker' | 'within';

/** The parts of tokenizer.json that decide about that space. */
export interface PrefixSteps {
  readonly normalizer: unknown;
  readonly pre_tokenizer: unknown;
}

/**
 * The steps as they apply at a place: a normalizer's Prepend to every stretch of text, Metaspace's scheme "first" to
 * the start alone.
 */
export const stepsAt = (steps: PrefixSteps, place: Place): PrefixSteps => ({
  normalizer: place === 'within' ? withoutPrepend(steps.normalizer) : steps.normalizer,
  pre_tokenizer: prefixed(steps.pre_tokenizer, place),
});

type Step = { readonly type?: unknown; readonly [key: string]: unknown };
const isStep = (value: unknown): value is Step => typeof value === 'object' && value !== null;

function withoutPrepend(step: unknown): unknown {
  if (!isStep(step)) return step;
  if (step.type === 'Prepend') return null;
  if (step.type !== 'Sequence' || !Array.isArray(step.normalizers)) return step;
  return { ...step, normalizers: step.normalizers.map(withoutPrepend).filter((part) => part !== null) };
}

function prefixed(step: unknown, place: Place): unknown {
  if (!isStep(step)) return step;
  if (step.type === 'Sequence' && Array.isArray(step.pretokenizers))
    return { ...step, pretokenizers: step.pretokenizers.map((part) => prefixed(part, place)) };
  if (step.type !== 'Metaspace') return step;
  const scheme = step.prepend_scheme ?? 'always';
  const prepends = place === 'start' ? scheme !== 'never' : place === 'afterMarker' && scheme === 'always';
  return { ...step, prepend_scheme: prepends ? 'always' : 'never' };
}
