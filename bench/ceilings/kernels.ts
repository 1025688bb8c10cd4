import { flat, type Kernel } from "../../src/kernels/kernel";
import { VECTOR } from "../../src/kernels/layout";
import type { Reference } from "../../src/references/reference";
import { numel, type Shape } from "../../src/tensor";
import copyWgsl from "./copy.wgsl?raw";
import fmaWgsl from "./fma.wgsl?raw";
import matmulWgsl from "./matmul.wgsl?raw";
import matmulDirectWgsl from "./matmul_direct.wgsl?raw";

/** Multiply-adds of each chain in a round; the shader's inner loop has this bound. */
const PER_ROUND = 16;

export interface Fma {
  /** (8): a four times, b four times; |a| < 1 keeps the numbers finite. */
  readonly x: Shape;
  readonly threads: number;
  readonly rounds: number;
  /** Independent vec4 recurrences of a thread. */
  readonly chains: number;
}

/** Multiply-adds in registers; see bench/ceilings/fma.wgsl. */
export const fma: Kernel<Fma> = {
  name: "fma",
  wgsl: fmaWgsl,
  bindings: ["params", "x", "y"],
  outputShape: ({ threads }) => [threads, 4],
  layouts: () => ({ x: VECTOR, y: VECTOR }),
  plan: ({ threads, rounds, chains }) => ({
    params: { rounds },
    prelude: { CHAINS: chains },
    workgroups: [threads / 64, 1, 1],
  }),
  macs: ({ threads, rounds, chains }) => threads * rounds * PER_ROUND * chains * 4,
};

export interface Matmul {
  readonly a: Shape;
  readonly b: Shape;
}

/** A plainly tiled matrix product; see bench/ceilings/matmul.wgsl. */
export const matmul: Kernel<Matmul> = {
  name: "matmul",
  wgsl: matmulWgsl,
  bindings: ["params", "a", "b", "y"],
  outputShape: ({ a, b }) => [a[0], b[1]],
  layouts: () => ({ a: VECTOR, b: VECTOR, y: VECTOR }),
  plan: ({ a: [m, k], b: [, n] }) => ({
    params: { k, n_quads: n / 4 },
    workgroups: [n / 64, m / 64, 1],
  }),
  macs: ({ a, b }) => a[0] * a[1] * b[1],
};

/** The same product without workgroup memory; see bench/ceilings/matmul_direct.wgsl. */
export const matmulDirect: Kernel<Matmul> = {
  ...matmul,
  name: "matmul_direct",
  wgsl: matmulDirectWgsl,
  plan: ({ a: [m, k], b: [, n] }) => ({
    params: { k_quads: k / 4, n_quads: n / 4 },
    workgroups: [n / 256, m / 8, 1],
  }),
};

export interface Copy {
  /** (count, 4). */
  readonly x: Shape;
  /** Vec4s of each thread. */
  readonly each: number;
}

/** A copy; see bench/ceilings/copy.wgsl. */
export const copy: Kernel<Copy> = {
  name: "copy",
  wgsl: copyWgsl,
  bindings: ["params", "x", "y"],
  outputShape: ({ x }) => x,
  layouts: () => ({ x: VECTOR, y: VECTOR }),
  plan: ({ x, each }) => ({
    params: { count: numel(x) / 4 },
    prelude: { EACH: each },
    workgroups: flat(numel(x) / 4 / each),
  }),
};

const fmaReference: Reference<Fma> = ({ threads, rounds, chains }, { x }) => {
  return Float32Array.from({ length: 4 * threads }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < chains; c++) {
      const lane = i % 4;
      let v = c + (lane === 0 ? (i >> 2) % 7 : lane);
      for (let j = 0; j < rounds * PER_ROUND; j++) v = v * x[lane] + x[4 + lane];
      sum += v;
    }
    return sum;
  });
};

const matmulReference: Reference<Matmul> = ({ a: [m, k], b: [, n] }, { a, b }) => {
  const y = new Float32Array(m * n);
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += a[row * k + i] * b[i * n + column];
      y[row * n + column] = sum;
    }
  }
  return y;
};

const copyReference: Reference<Copy> = (_, { x }) => x.slice();

/** What they compute, by name. */
export const CEILING_REFERENCES: Readonly<Record<string, Reference<never>>> = {
  fma: fmaReference,
  matmul: matmulReference,
  matmul_direct: matmulReference,
  copy: copyReference,
};
