import { expect, it } from 'vitest';
import { bytesSource } from '../../formats/source';
import type { Notice } from '../../protocol/protocol';
import { asDirectoryHandle, MemoryFolder } from '../../storage/test/testOpfs';
import { weightsStore } from '../../storage/weightsStore';
import { toFailure } from '../failures';
import { SavedModels } from './savedModels';

const file = (name: string, bytes: number) => bytesSource(name, new Uint8Array(bytes));

it('lists kept models with their sizes, deletes one, and refuses the one that is open', async () => {
  const kept = weightsStore(asDirectoryHandle(new MemoryFolder()));
  await kept.keep('id1', 'SmolLM2', [file('SmolLM2/config.json', 10), file('SmolLM2/model.safetensors', 500)]);
  await kept.keep('id2', 'Qwen3', [file('Qwen3/model.gguf', 900)]);
  const notices: Notice[] = [];
  const { handlers } = new SavedModels({
    platform: () => ({ savedModels: () => kept.list(), deleteSavedModel: (id) => kept.delete(id) }),
    notify: (notice) => notices.push(notice),
    atOnce: (task) => task().catch((error) => void notices.push({ type: 'failed', failure: toFailure(error) })),
    inUse: () => ['id2', undefined],
  });
  const ask = async (command: { type: 'listModels' } | { type: 'deleteModel'; id: string }) => {
    await (handlers[command.type] as (command: object) => unknown)(command);
    return notices.at(-1)!;
  };

  const [first, second] = [
    { id: 'id1', name: 'SmolLM2', bytes: 510, inUse: false },
    { id: 'id2', name: 'Qwen3', bytes: 900, inUse: true },
  ];
  expect(await ask({ type: 'listModels' })).toMatchObject({ type: 'models', models: [first, second] });
  expect(await ask({ type: 'deleteModel', id: 'id2' })).toMatchObject({
    type: 'failed',
    failure: { message: expect.stringMatching(/is open/) },
  });
  expect(await kept.open('id2')).toHaveLength(1);
  expect(await ask({ type: 'deleteModel', id: 'id1' })).toMatchObject({ type: 'models', models: [second] });
  expect(await kept.open('id1')).toBeNull();
});
