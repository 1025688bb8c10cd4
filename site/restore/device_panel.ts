import type { Gpen, Gpu } from "gpen-webgpu";
import { byId, make } from "../dom";
import { tell } from "../explain";
import { megabytes, sentence } from "../words";

/** What computes, said honestly: a software adapter is no graphics card. */
export function showDevice(gpu: Gpu, model?: Gpen): void {
  const facts: [string, string][] = [
    ["Adapter", gpu.name],
    ["Kind", gpu.software ? "software: on the processor, slow" : "graphics card"],
    ["f16", gpu.f16 ? "yes" : "no"],
    ["Largest buffer", megabytes(gpu.limits.maxStorageBufferBindingSize)],
    ["Precision", model?.precision ?? "–"],
    ["Memory", model ? megabytes(model.memory.peakBytes + model.memory.weightBytes) : "–"],
  ];
  byId("device", HTMLElement).replaceChildren(
    ...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]),
  );
}

/** Says what to do where a browser has no WebGPU, or no graphics card to give it. */
export function showNoDevice(error: unknown): void {
  byId("device", HTMLElement).replaceChildren();
  const text = "Nothing: this browser gives this page no graphics card.";
  tell(byId("device-wrong", HTMLElement), { text, detail: sentence(error) });
}
