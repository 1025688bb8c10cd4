/** Where what tuning found is kept between visits: one text, whatever holds it. */
export interface ChoiceStore {
  /** The text that was written last, or undefined. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

/** What was found fastest for one call on one adapter. */
export interface KeptChoice {
  /** Of the candidates and their shaders: when one of them changes, the choice is void. */
  readonly version: string;
  /** Name of a technique, or of the readable kernel. */
  readonly technique: string;
}

/** By call, for one adapter. */
export type KeptChoices = ReadonlyMap<string, KeptChoice>;

/** Rises when texts of the form before are not to be read any more. */
const FORMAT = 1;

type Adapters = Map<string, KeptChoices>;

/** What is kept for an adapter; nothing if the store fails, or holds what is not of this form. */
export async function readChoices(store: ChoiceStore, adapter: string): Promise<KeptChoices> {
  return (await readAll(store)).get(adapter) ?? new Map();
}

/**
 * Adds to what is kept for an adapter, and leaves that of others. Reads before it writes, as another
 * page or process may have written since. A store that fails costs the next visit its tuning again.
 */
export async function addChoices(
  store: ChoiceStore,
  adapter: string,
  found: KeptChoices,
): Promise<void> {
  const all = await readAll(store);
  all.set(adapter, new Map([...(all.get(adapter) ?? []), ...found]));
  const adapters = [...all].map(([name, choices]) => [name, Object.fromEntries(choices)]);
  const text = JSON.stringify({ format: FORMAT, adapters: Object.fromEntries(adapters) }, null, 1);
  await store.write(text).catch(() => {});
}

async function readAll(store: ChoiceStore): Promise<Adapters> {
  try {
    return parse(JSON.parse((await store.read()) ?? ""));
  } catch {
    return new Map();
  }
}

/** Throws whatever comes first if the text is of another form. */
function parse(stored: { format: unknown; adapters: object }): Adapters {
  if (stored.format !== FORMAT) return new Map();
  return new Map(
    Object.entries(stored.adapters).map(([adapter, choices]) => [
      adapter,
      new Map(
        Object.entries(choices as Record<string, KeptChoice>).map(([call, choice]) => {
          const { version, technique } = choice;
          if (typeof version !== "string" || typeof technique !== "string") throw new TypeError();
          return [call, { version, technique }] as const;
        }),
      ),
    ]),
  );
}

const DATABASE = "gpen-webgpu";
const TABLE = "tuning";
const KEY = "choices";

/** The browser's IndexedDB; undefined where there is none, as in Node. */
export function indexedDbChoices(
  factory: IDBFactory | undefined = globalThis.indexedDB,
): ChoiceStore | undefined {
  if (!factory) return undefined;
  const inTable = async <T>(
    mode: IDBTransactionMode,
    use: (table: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const opening = factory.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    const database = await settled(opening);
    try {
      return await settled(use(database.transaction(TABLE, mode).objectStore(TABLE)));
    } finally {
      database.close();
    }
  };
  return {
    async read() {
      const text: unknown = await inTable("readonly", (table) => table.get(KEY));
      return typeof text === "string" ? text : undefined;
    },
    async write(text) {
      await inTable("readwrite", (table) => table.put(text, KEY));
    },
  };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
