import { type DBSchema, openDB } from 'idb';

interface TuningSchema extends DBSchema {
  tables: { key: string; value: unknown };
}

/**
 * Kernel tables of earlier starts in IndexedDB (a worker has no localStorage). `browser` goes into the keys: another
 * version brings another shader compiler. What comes back is as it was kept; who asks checks it.
 */
export function tuningCache(browser: string, name = 'autodidact-tuning') {
  async function using<T>(work: (db: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
    const db = await open(name);
    try {
      return await work(db);
    } finally {
      db.close();
    }
  }
  return {
    load: (key: string): Promise<unknown> => using((db) => db.get('tables', `${browser} ${key}`)),
    save: (key: string, table: unknown): Promise<void> =>
      using(async (db) => void (await db.put('tables', table, `${browser} ${key}`))),
  };
}

const open = (name: string) =>
  openDB<TuningSchema>(name, 1, {
    upgrade: (db) => void db.createObjectStore('tables'),
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
