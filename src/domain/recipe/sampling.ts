import { z } from 'zod';
import { field } from './field';

/** How tokens are sampled. Filters apply in this order: repetition penalty, temperature, top-k, top-p, min-p. */
export const samplingSchema = z.object({
  maxNewTokens: field(z.number().int().min(1).max(32768).default(256), {
    step: 16,
    title: 'Max answer length',
    help: 'Longer answers are cut off here. A token is about three quarters of an English word.',
    section: 'surface',
    unit: 'tokens',
  }),
  /** Logprobs are of logits / temperature (of the raw logits when greedy). */
  temperature: field(z.number().min(0).max(5).default(1), {
    title: 'Temperature',
    help: 'Higher values make answers more varied; 1 samples from the distribution of the model, 0 is greedy. Training needs a value above 0.',
    section: 'answers',
    step: 0.1,
  }),
  topP: field(z.number().gt(0).max(1).default(1), {
    title: 'Top-p',
    help: 'Samples from the most likely tokens up to this total probability; 1 is off.',
    section: 'answers',
    step: 0.05,
  }),
  topK: field(z.number().int().min(0).default(0), {
    title: 'Top-k',
    help: 'Samples from this many of the most likely tokens; 0 is off.',
    most: 1000,
    section: 'answers',
  }),
  minP: field(z.number().min(0).lt(1).default(0), {
    title: 'Min-p',
    help: 'Drops tokens whose probability is below this share of the most likely token’s; 0 is off.',
    section: 'answers',
    step: 0.01,
  }),
  repetitionPenalty: field(z.number().min(1).max(3).default(1), {
    title: 'Repetition penalty',
    help: 'Higher values make tokens that already occurred less likely; 1 is off.',
    section: 'answers',
    step: 0.05,
  }),
});
export type Sampling = z.infer<typeof samplingSchema>;
