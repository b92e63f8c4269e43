/**
 * Files of a draft, kept in the browser's own database so that a reload does not lose a chosen scan. Where the
 * browser has none (private mode), everything still works and only the reload forgets them.
 */
const DATABASE = "ohmatdyt.drafts";
const STORE = "files";

function open(): Promise<IDBDatabase | null> {
  if (typeof indexedDB === "undefined") return Promise.resolve(null);
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(STORE);
      };
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        resolve(null);
      };
    } catch {
      resolve(null);
    }
  });
}

async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | null> {
  const database = await open();
  if (!database) return null;
  return new Promise((resolve) => {
    try {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        resolve(request.result);
      };
      transaction.onerror = transaction.onabort = () => {
        resolve(null);
      };
    } catch {
      resolve(null);
    }
  }).finally(() => {
    database.close();
  }) as Promise<T | null>;
}

const keyOf = (userId: string, name: string): string => `${userId}.${name}`;

/** Replaces what was kept under this name. False when the browser could not keep it (no room, no database). */
export async function keepFiles(userId: string, name: string, files: readonly File[]): Promise<boolean> {
  const key = keyOf(userId, name);
  if (files.length === 0) {
    await inStore("readwrite", (store) => store.delete(key));
    return true;
  }
  return (await inStore("readwrite", (store) => store.put([...files], key))) !== null;
}

export async function readFiles(userId: string, name: string): Promise<File[]> {
  const found = await inStore<unknown>("readonly", (store) => store.get(keyOf(userId, name)));
  return Array.isArray(found) ? found.filter((file): file is File => file instanceof File) : [];
}

/** Signing out on a shared computer: nothing of this person's drafts stays. */
export async function clearFilesOf(userId: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(IDBKeyRange.bound(`${userId}.`, `${userId}.\uffff`)));
}
