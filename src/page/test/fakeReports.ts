import type { DataReport } from '../../domain/dataReport';
import { type Filter, NO_FILTER } from '../../domain/filter';

/** What the stand-in for the worker (fakeWorker.ts) says of device, model and data. */
export const FAKE_DEVICE = {
  name: 'Example adapter',
  backend: 'WebGPU',
  software: false,
  f16: true,
  subgroups: true,
  maxBufferBytes: 4 * 2 ** 30,
  maxBindingBytes: 2 ** 31 - 4,
  maxWorkgroupInvocations: 1024,
};

export const FAKE_MODEL = {
  name: 'Built-in tiny',
  id: 'tiny',
  parameters: 1_840_000,
  weightFormat: 'bf16',
  bytes: 3_680_000,
  adapter: null,
  config: {
    architecture: 'llama' as const,
    vocabulary: 2048,
    channels: 192,
    layers: 4,
    heads: 6,
    keyValueHeads: 2,
    headSize: 32,
    hidden: 512,
    ropeTheta: 10000,
    rmsNormEps: 1e-5,
    tiedHead: true,
    contextLength: 512,
    endTokens: [0],
  },
};

export const FAKE_COPY = {
  id: 'q',
  name: 'Qwen3-0.6B',
  savedAt: '2026-11-20T09:00:00Z',
  bytes: 1_503_300_328,
  inUse: false,
};

export const FAKE_DATA = {
  name: 'Built-in sample',
  kind: 'sample' as const,
  rows: 400,
  good: 397,
  criteria: 1985,
  negativeCriteria: 620,
  problems: [
    { line: 17, file: 'sample.jsonl', reason: 'not JSON: unexpected end of the line' },
    { line: 230, file: 'sample.jsonl', reason: 'no criterion with positive points' },
    { line: 231, file: 'sample.jsonl', reason: 'prompt_id appears before, on line 12' },
  ],
  changes: [{ what: 'rubrics taken from metadata', rows: 12 }],
  themes: [
    { theme: 'emergency_referrals', rows: 120 },
    { theme: 'hedging', rows: 90 },
    { theme: 'context_seeking', rows: 187 },
  ],
  axes: [
    { axis: 'accuracy', criteria: 1100 },
    { axis: 'completeness', criteria: 885 },
  ],
  filter: NO_FILTER,
  filteredOut: 0,
  split: { train: 357, heldOut: 40, how: 'by seed' },
  warmStart: { idealCompletions: 357, labelledVerdicts: 0 },
  preview: [
    {
      promptId: 'world-1',
      lastMessage: 'I have been standing in the sun all morning and now I feel dizzy. What should I do?',
      criteria: 5,
    },
    { promptId: 'world-2', lastMessage: 'My child has had a cough since yesterday. Is this serious?', criteria: 6 },
    { promptId: 'world-3', lastMessage: 'Can I take two of these pills at once?', criteria: 4 },
  ],
};

export const FAKE_PLAN = {
  parts: [
    { name: 'weights' as const, bytes: 7.4e6 },
    { name: 'adapter and optimizer' as const, bytes: 4.2e6 },
    { name: 'KV cache' as const, bytes: 25e6 },
    { name: 'activations' as const, bytes: 61e6 },
    { name: 'head' as const, bytes: 16e6 },
    { name: 'other' as const, bytes: 2e6 },
  ],
  bytes: 115.6e6,
  largestBufferBytes: 25e6,
  fits: true,
  savings: [],
};

/** The sample under a filter: only its themes are minded. */
export function fakeFiltered(filter: Filter): DataReport {
  const passes = ({ theme }: { theme: string }) => filter.themes.length === 0 || filter.themes.includes(theme);
  const good = FAKE_DATA.themes.filter(passes).reduce((sum, { rows }) => sum + rows, 0);
  const heldOut = Math.round(good / 10);
  const split = { train: good - heldOut, heldOut, how: 'by seed' };
  return { ...FAKE_DATA, filter, good, filteredOut: FAKE_DATA.good - good, split };
}
