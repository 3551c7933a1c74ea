import { existsSync, openAsBlob } from 'node:fs';
import { expect, it } from 'vitest';
import { weightFormat } from '../formats/checkpointId';
import { openCheckpoint } from '../formats/openCheckpoint';
import { fileSource } from '../formats/source';
import { type ChatMessage, encodeChat } from './chatTemplate';
import fixtures from './test/fixtures/tokens.json';
import { Tokenizer } from './tokenizer';

const NAME = 'SmolLM2-135M-Instruct.Q4_1.gguf';
const path = `.cache/models/${NAME}`;

// 98 MB that are not in the repository: node tools/fetchSmolLM2.mjs. The other tests have its tokenizer cut down to
// their texts.
it.skipIf(!existsSync(path))('opens the real SmolLM2 and tokenises as the original', async () => {
  const checkpoint = await openCheckpoint([fileSource(await openAsBlob(path), NAME)]);
  expect(checkpoint.config).toEqual({
    architecture: 'llama',
    vocabulary: 49_152,
    channels: 576,
    layers: 30,
    heads: 9,
    keyValueHeads: 3,
    headSize: 64,
    hidden: 1536,
    ropeTheta: 100_000,
    rmsNormEps: 1e-5,
    tiedHead: true,
    contextLength: 8192,
    endTokens: [0, 2],
  });
  expect(weightFormat(checkpoint)).toBe('4-bit (Q4_1)');
  const tokenizer = Tokenizer.fromFiles(checkpoint.tokenizer);
  for (const [i, text] of fixtures.texts.entries()) {
    expect([...tokenizer.encode(text)], text).toEqual(fixtures.smollm2.plain[i]);
  }
  for (const { conversation, ids, enableThinking, ...options } of fixtures.smollm2.chats) {
    const messages = fixtures.conversations[conversation] as ChatMessage[];
    expect([...encodeChat(tokenizer, messages, { ...options, enableThinking: enableThinking ?? undefined })]).toEqual(
      ids,
    );
  }
});
