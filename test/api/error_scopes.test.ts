import { expect, test } from "vitest";
import { errorScopes } from "../../src/gpu/error_scopes";

/** A device whose scopes give these messages, in the order that they are popped. */
function reporting(...messages: (string | null)[]): GPUDevice {
  const popErrorScope = async () => {
    const message = messages.shift();
    return message ? { message } : null;
  };
  return { pushErrorScope() {}, popErrorScope } as unknown as GPUDevice;
}

test("a lack of memory is named before what it makes invalid, an earlier mistake before that", async () => {
  const settled = async (...messages: (string | null)[]) => {
    const scopes = errorScopes(reporting(...messages));
    for (let i = 0; i < 2; i++) scopes.run(() => {});
    return scopes.settle("prepare");
  };
  await settled(null, null, null, null);
  await expect(settled(null, null, "heap\nat x", "invalid buffer")).rejects.toThrow(
    /^prepare: the device is out of memory; use f16.* \(heap\)$/,
  );
  await expect(settled("heap", null, null, "invalid buffer")).rejects.toThrow("out of memory");
  await expect(settled(null, "mistake", null, null)).rejects.toThrow(
    /^prepare: WebGPU rejected a command \(mistake\)$/,
  );
});
