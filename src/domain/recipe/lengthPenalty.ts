import { z } from 'zod';
import { field } from './field';

/**
 * Published for HealthBench Professional (arXiv 2604.27470, section 4.1); no weight was found for HealthBench, Hard or
 * Consensus.
 */
export const PROFESSIONAL_LENGTH_PENALTY = { per500Characters: 0.0147, centreCharacters: 2000 } as const;

/** Subtracted from the rubric reward for length. Both penalties are off by default. */
export const lengthPenaltySchema = z.object({
  /** DAPO's soft overlong punishment: from 0 to −overlongPenalty over the last so many tokens before maxNewTokens. */
  overlongTokens: field(z.number().int().min(0).default(0), {
    most: 32_768,
    section: 'reward',
    step: 16,
    title: 'Soft overlong range',
    help: 'A penalty grows over this many tokens before the max answer length (DAPO); 0 is off.',
    unit: 'tokens',
  }),
  overlongPenalty: field(z.number().min(0).default(1), {
    most: 10,
    section: 'reward',
    title: 'Penalty at max length',
    help: 'Reward that an answer of the max length loses.',
    step: 0.1,
    shown: { path: 'lengthPenalty.overlongTokens', above: 0 },
  }),
  per500Characters: field(z.number().min(0).max(1).default(0), {
    section: 'reward',
    title: 'Penalty per 500 characters',
    help: `Reward lost per 500 characters above the length centre, and gained below it; 0 is off. HealthBench Professional uses ${PROFESSIONAL_LENGTH_PENALTY.per500Characters}.`,
    step: 0.0001,
  }),
  centreCharacters: field(z.number().int().min(0).default(2000), {
    most: 100_000,
    section: 'reward',
    step: 100,
    title: 'Length centre',
    help: `An answer of this length loses and gains nothing. HealthBench Professional uses ${PROFESSIONAL_LENGTH_PENALTY.centreCharacters.toLocaleString('en')}.`,
    unit: 'characters',
    shown: { path: 'lengthPenalty.per500Characters', above: 0 },
  }),
});
export type LengthPenaltyConfig = z.infer<typeof lengthPenaltySchema>;
