import { expect, it } from 'vitest';
import { bytesSource } from '../../formats/source';
import { asDirectoryHandle, MemoryFolder } from '../../storage/test/testOpfs';
import { weightsStore } from '../../storage/weightsStore';
import { SavedModels } from './savedModels';

const file = (name: string, bytes: number) => bytesSource(name, new Uint8Array(bytes));

it('lists saved models with their sizes, deletes one, and refuses the one that is open', async () => {
  const kept = weightsStore(asDirectoryHandle(new MemoryFolder()));
  await kept.keep('id1', 'SmolLM2', [file('SmolLM2/config.json', 10), file('SmolLM2/model.safetensors', 500)]);
  await kept.keep('id2', 'Qwen3', [file('Qwen3/model.gguf', 900)]);
  const {
    handlers: { listModels, deleteModel },
  } = new SavedModels({
    platform: () => ({ savedModels: () => kept.list(), deleteSavedModel: (id) => kept.delete(id) }),
    inUse: () => ['id2', undefined],
  });
  const context = { signal: new AbortController().signal, progress: () => {} };

  const [first, second] = [
    { id: 'id1', name: 'SmolLM2', bytes: 510, inUse: false },
    { id: 'id2', name: 'Qwen3', bytes: 900, inUse: true },
  ];
  expect(await listModels({ type: 'listModels' }, context)).toMatchObject([first, second]);
  const open = deleteModel({ type: 'deleteModel', id: 'id2' }, context);
  await expect(open).rejects.toMatchObject({ kind: 'badConfig', message: expect.stringMatching(/is open/) });
  expect(await kept.open('id2')).toHaveLength(1);
  await deleteModel({ type: 'deleteModel', id: 'id1' }, context);
  expect(await listModels({ type: 'listModels' }, context)).toMatchObject([second]);
  expect(await kept.open('id1')).toBeNull();
});
