import type { WeightsCache } from "./cache";
import { roomLeft } from "./quota";

/** What the platform has and TypeScript's library does not list yet. */
interface Movable extends FileSystemFileHandle {
  move?(name: string): Promise<void>;
}

const FOLDER = "gpen-webgpu";

/**
 * A folder of the origin private file system; undefined where there is none that can be written.
 * Source: WHATWG File System; private windows of Firefox and sandboxed frames refuse it, and workers
 * of older Safaris lack createWritable.
 */
export async function opfsCache(): Promise<WeightsCache | undefined> {
  try {
    if (!("createWritable" in FileSystemFileHandle.prototype)) return undefined;
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    return inFolder(folder);
  } catch {
    return undefined;
  }
}

function inFolder(folder: FileSystemDirectoryHandle): WeightsCache {
  const read = (name: string) =>
    unlessMissing(async () => (await folder.getFileHandle(name)).getFile());
  const remove = (name: string) => unlessMissing(() => folder.removeEntry(name));
  const canMove = "move" in FileSystemFileHandle.prototype;
  return {
    name: "opfs",
    read,
    size: async (name) => (await read(name))?.size,
    async write(name, bytes) {
      // A file that is created is there, empty, before its content is: it gets its name at the end.
      const draft = canMove ? `partial-${crypto.randomUUID()}` : name;
      const handle: Movable = await folder.getFileHandle(draft, { create: true });
      try {
        const stream = await handle.createWritable();
        await stream.write(bytes).catch(async (error) => {
          await stream.abort().catch(() => {});
          throw error;
        });
        await stream.close();
        await handle.move?.(name);
      } catch (error) {
        await remove(draft);
        throw error;
      }
    },
    delete: async (name) => void (await remove(name)),
    async names() {
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      return names;
    },
    room: roomLeft,
  };
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if ((error as Error).name === "NotFoundError") return undefined;
    throw error;
  }
}
