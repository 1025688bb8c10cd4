import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FORMATS } from "../../src/importers/index";
import { openFileSource } from "../../src/node/file_source";
import { checkpointReader } from "../../src/weights/gpen";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { parameters } from "../../src/weights/parameters";
import { goldenConfig } from "../golden";

const FILES = ["weights.pth", "weights_legacy.pth", "weights.safetensors", "model.onnx"];

test.each(FILES)(
  "%s: parameters read into one memory are those read into their own",
  async (file) => {
    const path = fileURLToPath(new URL(`../golden/bfr64/${file}`, import.meta.url));
    const source = await openFileSource(path);
    const config = goldenConfig("bfr64");
    const read = await checkpointReader(
      await openCheckpoint(source, { formats: FORMATS }),
      "gpen",
      config,
    );
    const scratch = { memory: new ArrayBuffer(0) };
    for (const { key, shape, role } of parameters("gpen", config)) {
      if (role === "fir") continue; // checked, never read by the network
      const own = await read(key, shape);
      // Twice: what is folded in place must not be folded again.
      for (let i = 0; i < 2; i++) expect(await read(key, shape, scratch), key).toEqual(own);
    }
    expect(scratch.memory.byteLength > 0).toBe(file !== "model.onnx");
    await source.close();
  },
);
