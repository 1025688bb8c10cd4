import { expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import type { Technique } from "../../src/graph/lower";
import { input, type Node, op, weight } from "../../src/graph/node";
import { conv2d } from "../../src/kernels/conv2d";
import type { AnyKernel } from "../../src/kernels/kernel";
import { IMAGE } from "../../src/kernels/layout";
import { type TuneOptions, tune } from "../../src/lowering/tune";
import { countBuffers } from "../api/models";
import { openTestGpu } from "../gpu";
import { altered, FASTER_AND_WRONG, slowed, technique } from "./altered";
import { memoryStore } from "./stores";

/** Two layers that make the same call, and one of stride 2. */
function network(kernel: AnyKernel = conv2d): { y: Node } {
  const layer = (name: string, x: Node, cOut: number, stride: 1 | 2) =>
    op(
      kernel as typeof conv2d,
      name,
      { x, w: weight(`${name}.w`, [cOut, x.shape[1], 3, 3]), b: weight(`${name}.b`, [cOut]) },
      { stride, pad: 1, activate: true },
    );
  const x = input("x", [2, 16, 24, 24], IMAGE);
  return { y: layer("c", layer("b", layer("a", x, 16, 1), 16, 1), 20, 2) };
}

const tuned = (gpu: Gpu, techniques: readonly Technique[], options: Partial<TuneOptions> = {}) =>
  tune(gpu, network(), { precision: "f32", techniques, budgetMs: 60_000, ...options });

function countSubmits({ queue }: GPUDevice): () => number {
  let count = 0;
  const submit = queue.submit.bind(queue);
  queue.submit = (buffers) => {
    count++;
    return submit(buffers);
  };
  return () => count;
}

/** Faults of a shader, and what the tuner says of them. */
const WRONG: [string, string, string, RegExp][] = [
  [
    "a row of taps left out",
    ...FASTER_AND_WRONG,
    /^gives -?\d\S* at \(\d+, \d+, \d+, \d+\), the reference /,
  ],
  ["two taps swapped", "(ky * K + kx) * 4u", "(ky * K + (kx ^ 1u) % K) * 4u", /^gives -?\d/],
  ["NaN", "Quad(v)", "Quad(sqrt(-1.0 - v * v))", /^gives NaN /],
  ["the last column not written", "ox + p < params.w)", "ox + p + 1u < params.w)", /^gives NaN /],
  [
    "only the first sample",
    "group.z + params.n_first",
    "group.z * 0u + params.n_first",
    /^gives NaN /,
  ],
  ["zeros", "Quad(v)", "Quad(0)", /^gives 0 /],
  ["no shader at all", "fn main(", "fn main(this is no shader ", /\S/],
];

test.each(WRONG)("a kernel that gives %s is refused", async (_, from, to, why) => {
  const gpu = await openTestGpu();
  const wrong = technique(altered("wrong", from, to));
  const slow = slowed("conv2d slow", 8);
  // The call's own kernel is slow, so that whoever may win does.
  const options = { precision: "f32", techniques: [wrong], budgetMs: 60_000 } as const;
  const { calls, choose } = await tune(gpu, network(slow), options);
  expect(calls.map(({ names }) => names)).toEqual([["a", "b"], ["c"]]);
  for (const { chosen, by, trials } of calls) {
    expect([chosen, by]).toEqual(["readable", "trial"]);
    const { refused, ms } = trials.find(({ name }) => name === "wrong")!;
    expect(refused).toMatch(why);
    expect(ms).toBeUndefined();
  }
  expect(choose(network(slow).y as never)).toBeUndefined();
});

test("the fastest right technique wins, one that fails to plan is refused", async () => {
  const gpu = await openTestGpu();
  const failing: Technique = {
    ...technique(conv2d, "failing"),
    replace() {
      throw new Error("cannot be planned");
    },
  };
  const plain = technique({ ...conv2d, name: "fast" });
  const all = [failing, technique(slowed("slower", 8)), plain];
  const options = { precision: "f32", techniques: all, budgetMs: 60_000 } as const;
  const slow = network(slowed("conv2d slow", 8));
  const { calls, choose } = await tune(gpu, slow, options);
  for (const { chosen, trials } of calls) {
    expect(chosen).toBe("fast");
    expect(trials.find(({ name }) => name === "failing")!.refused).toBe("cannot be planned");
    const timed = trials.filter(({ ms }) => ms !== undefined);
    expect(timed.map(({ name }) => name).sort()).toEqual(["fast", "readable", "slower"]);
    for (const { error } of timed) expect(error).toBeLessThan(1e-5);
  }
  expect(choose(slow.y as never)).toBe(plain);
});

test("a slower candidate does not win, with timestamps or without", async () => {
  const plain = await openTestGpu();
  const slow = technique(slowed("slower", 8));
  for (const { chosen } of (await tuned(plain, [slow])).calls) expect(chosen).toBe("readable");
  const stamped = await openTestGpu({ features: ["timestamp-query"] });
  for (const { chosen } of (await tuned(stamped, [slow])).calls) expect(chosen).toBe("readable");
});

test("everything that was made is freed, also when aborted", async () => {
  const gpu = await openTestGpu();
  const buffers = countBuffers(gpu.device);
  const same = technique({ ...conv2d, name: "same" });
  await tuned(gpu, [same]);
  expect(buffers.made()).toBeGreaterThan(0);
  expect(buffers.live()).toBe(0);
  const controller = new AbortController();
  const reason = new Error("the user left");
  const store = memoryStore();
  const aborting = technique({ ...conv2d, name: "aborting" });
  gpu.device.queue.onSubmittedWorkDone = async () => {
    controller.abort(reason);
    return undefined;
  };
  const options = { signal: controller.signal, store };
  await expect(tuned(gpu, [aborting], options)).rejects.toBe(reason);
  expect(buffers.live()).toBe(0);
  expect(store.text()).toBeUndefined();
});

test("a kept choice is used without measuring, until the shader changes", async () => {
  const gpu = await openTestGpu();
  const store = memoryStore();
  const right = (shader: AnyKernel) => [technique({ ...shader, name: "right" }, "right")];
  const first = await tuned(gpu, right(conv2d), { store });
  expect(first.calls.map(({ by }) => by)).toEqual(["trial", "trial"]);
  const kept = store.text()!.replaceAll('"readable"', '"right"');
  await store.write(kept);
  const [buffers, submits] = [countBuffers(gpu.device), countSubmits(gpu.device)];
  const second = await tuned(gpu, right(conv2d), { store });
  expect(second.calls.map(({ by, chosen }) => [by, chosen])).toEqual([
    ["kept", "right"],
    ["kept", "right"],
  ]);
  expect(second.choose(network().y as never)?.name).toBe("right");
  expect([buffers.made(), submits()]).toEqual([0, 0]);
  expect(store.text()).toBe(kept);
  const changed = altered("changed", "SLOPE = 0.2f", "SLOPE = 0.20f");
  const third = await tuned(gpu, right(changed), { store });
  expect(third.calls.map(({ by }) => by)).toEqual(["trial", "trial"]);
  const again = await tuned(gpu, right(changed), { store, again: true });
  expect(again.calls.map(({ by }) => by)).toEqual(["trial", "trial"]);
  const late = await tuned(gpu, right(changed), { store, again: true, budgetMs: 0 });
  expect(late.calls.map(({ by }) => by)).toEqual(["kept", "kept"]);
  await store.write(store.text()!.replaceAll(/"technique": "\w+"/g, '"technique": "gone"'));
  const gone = await tuned(gpu, right(changed), { store });
  expect(gone.calls.map(({ by }) => by)).toEqual(["trial", "trial"]);
});

test("without time every call keeps its default, and nothing is kept", async () => {
  const gpu = await openTestGpu();
  const [submits, store] = [countSubmits(gpu.device), memoryStore()];
  const { calls, choose } = await tuned(gpu, [technique(conv2d, "same")], { budgetMs: 0, store });
  expect(calls.map(({ by, chosen }) => [by, chosen])).toEqual([
    ["default", "readable"],
    ["default", "readable"],
  ]);
  expect(choose(network().y as never)).toBeUndefined();
  expect([submits(), store.text()]).toEqual([0, undefined]);
});

test("what does not fit into memory keeps its default", async () => {
  const gpu = await openTestGpu();
  const store = memoryStore();
  gpu.device.createBuffer = () => {
    throw new RangeError("no memory");
  };
  const { calls } = await tuned(gpu, [technique(conv2d, "same")], { store });
  expect(calls.map(({ by, chosen }) => [by, chosen])).toEqual([
    ["default", "readable"],
    ["default", "readable"],
  ]);
  for (const { trials } of calls) expect(trials[0].refused).toBe("no memory");
  expect(store.text()).toBeUndefined();
});
