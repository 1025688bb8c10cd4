import type { Gpu } from "../src/gpu/open";
import { type Executable, prepare } from "../src/gpu/prepare";
import { compile } from "../src/graph/compile";
import { constant, derived, type OpNode, op } from "../src/graph/node";
import type { Kernel } from "../src/kernels/kernel";
import { numel, type Shape } from "../src/tensor";
import { copy, fma, type Matmul, matmul, matmulDirect } from "./ceilings/kernels";
import type { Ceilings } from "./result";
import { median } from "./spread";
import { timeProgram } from "./timing";

/** Few independent chains do not hide the latency of one, many do not fit the registers. */
const CHAINS = [2, 4, 8] as const;
/** Vec4s that a thread copies. */
const EACH = [1, 4, 16] as const;
const SIDE = 1024;

/** The three ceilings on a device, measured again whenever asked: shared machines drift. */
export interface CeilingMeter {
  /** Measures each once more: at first all variants of it, later the best of them. */
  measure(): Promise<void>;
  /** The medians of all measurements. */
  ceilings(): Ceilings;
  dispose(): void;
}

/** Software adapters get less work, at milliseconds per dispatch. */
export async function openCeilings(gpu: Gpu): Promise<CeilingMeter> {
  const threads = gpu.software ? 2 ** 14 : 2 ** 20;
  // Past the caches: an H200 has 50 MB, and 256 MB are read and written here.
  const quads = gpu.software ? 2 ** 22 : 2 ** 23;
  const fmas = await openCeiling(
    gpu,
    CHAINS.map((chains) => fmaNode(threads, 64, chains)),
  );
  const products = await openCeiling(gpu, [
    matmulNode(matmul, SIDE),
    matmulNode(matmulDirect, SIDE),
  ]);
  const copies = await openCeiling(
    gpu,
    EACH.map((each) => copyNode(quads, each)),
  );
  const all = [fmas, products, copies];
  return {
    async measure() {
      for (const each of all) await each.measure();
    },
    ceilings: () => ({
      fmaGflops: fmas.perSecond() / 1e9,
      matmulGflops: products.perSecond() / 1e9,
      copyGbps: copies.perSecond() / 1e9,
    }),
    dispose() {
      for (const each of all) each.dispose();
    },
  };
}

/** FLOP of a node's kernel, or bytes where it has no multiply-adds. */
function workOf({ kernel, args, shape }: OpNode): number {
  return kernel.macs ? 2 * kernel.macs(args) : 2 * 4 * numel(shape);
}

async function openCeiling(gpu: Gpu, nodes: readonly OpNode[]) {
  const executables = await Promise.all(nodes.map((node) => ready(gpu, node)));
  const work = nodes.map(workOf);
  const seen: number[] = [];
  let best: number | undefined;
  const rate = async (i: number) => work[i] / ((await timeProgram(executables[i])).low / 1000);
  return {
    async measure() {
      if (best !== undefined) return void seen.push(await rate(best));
      const rates: number[] = [];
      for (const i of nodes.keys()) rates.push(await rate(i));
      best = rates.indexOf(Math.max(...rates));
      seen.push(rates[best]);
    },
    perSecond: () => median(seen),
    dispose() {
      for (const executable of executables) executable.dispose();
    },
  };
}

async function ready(gpu: Gpu, node: OpNode): Promise<Executable> {
  return prepare(gpu, await compile({ y: node }, { limits: gpu.limits }), async (name) => {
    throw new TypeError(`ceilings: there is no parameter ${name}`);
  });
}

/** `chains` recurrences that stay finite, `rounds` times 16 multiply-adds each, per thread. */
export function fmaNode(threads: number, rounds: number, chains: number): OpNode {
  const x = constant("x", [8], [0.75, 0.75, 0.75, 0.75, 0.25, 0.25, 0.25, 0.25]);
  return op(fma, "fma", { x }, { threads, rounds, chains });
}

export function matmulNode(kernel: Kernel<Matmul>, side: number): OpNode {
  const [a, b] = [numbers("a", [side, side]), numbers("b", [side, side])];
  return op(kernel, kernel.name, { a, b }, {});
}

export function copyNode(quads: number, each: number): OpNode {
  return op(copy, "copy", { x: numbers("x", [quads, 4]) }, { each });
}

/** Small whole numbers, so that sums are exact; denormal ones would be slow. */
function numbers(name: string, shape: Shape) {
  return derived(name, shape, async function* () {
    const values = new Float32Array(numel(shape));
    for (let i = 0; i < values.length; i++) values[i] = (i % 13) - 6;
    yield values;
  });
}
