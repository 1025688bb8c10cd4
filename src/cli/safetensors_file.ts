import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Writable, writeSafetensors } from "../weights/write_safetensors";

/**
 * Writes a safetensors file tensor by tensor. It appears under its name only when it is complete.
 *
 * Errors    WeightsError of the writer; Error naming the file if it cannot be written
 */
export async function writeSafetensorsFile(
  file: string,
  tensors: ReadonlyMap<string, Writable>,
  metadata: ReadonlyMap<string, string>,
  dtype: "F32" | "F16",
): Promise<void> {
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(part, "w");
    try {
      for await (const piece of writeSafetensors(tensors, metadata, dtype)) {
        await handle.writeFile(piece);
      }
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Error(`write: ${file} cannot be written (${message}); name another place`);
  }
}
