import type { ChoiceStore } from "../../src/lowering/kept_choices";

/** A store in memory; `text()` is what it holds. */
export function memoryStore(text?: string): ChoiceStore & { text(): string | undefined } {
  let held = text;
  return {
    read: async () => held,
    write: async (text) => {
      held = text;
    },
    text: () => held,
  };
}

/** As much of IndexedDB as one table of values needs. */
export function fakeIndexedDb(): IDBFactory {
  const tables = new Map<string, Map<unknown, unknown>>();
  const request = (
    result: unknown,
    before: (made: Record<string, () => void>) => void = () => {},
  ) => {
    const made: Record<string, () => void> & { result?: unknown } = {};
    made.result = result as () => void;
    queueMicrotask(() => {
      before(made);
      made.onsuccess();
    });
    return made;
  };
  const objectStore = (name: string) => ({
    get: (key: unknown) => request(tables.get(name)!.get(key)),
    put: (value: unknown, key: unknown) => request(tables.get(name)!.set(key, value) && key),
  });
  const database = {
    createObjectStore: (name: string) => tables.set(name, new Map()),
    transaction: () => ({ objectStore }),
    close: () => {},
  };
  const open = () => request(database, (made) => tables.size === 0 && made.onupgradeneeded());
  return { open } as unknown as IDBFactory;
}
