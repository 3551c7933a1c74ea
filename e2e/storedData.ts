import type { Page } from '@playwright/test';

/**
 * Every text and byte that the browser keeps of the page, as one text: local and session storage, cookies, databases
 * and files.
 */
export const storedData = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const found: string[] = [
      document.cookie,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
    ];
    const latin = new TextDecoder('latin1');
    const see = async (value: unknown): Promise<void> => {
      if (value instanceof Blob) found.push(latin.decode(await value.arrayBuffer()));
      else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) found.push(latin.decode(value));
      else if (typeof value === 'object' && value !== null)
        for (const [key, item] of Object.entries(value)) {
          found.push(key);
          await see(item);
        }
      else found.push(String(value));
    };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name!));
      for (const store of db.objectStoreNames) {
        const objects = () => db.transaction(store).objectStore(store);
        await see(await done(objects().getAllKeys()));
        await see(await done(objects().getAll()));
      }
      db.close();
    }
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, entry] of folder.entries()) {
        found.push(name);
        if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle);
        else await see(await (entry as FileSystemFileHandle).getFile());
      }
    };
    await walk(await navigator.storage.getDirectory());
    return found.join('\n');
  });
