/**
 * Reads damaged files and says what became of them. A file may load, or be refused with a
 * WeightsError; anything else is reported with the number of the file, by which it can be made
 * again. What loads is compared with the plain reader, bit for bit.
 */

import { WeightsError } from "../../src/errors";
import { FORMATS } from "../../src/importers/index";
import type { ByteSource } from "../../src/weights/byte_source";
import type { Checkpoint } from "../../src/weights/checkpoint";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { FAMILIES, type Family } from "./bases";
import { xorshift } from "./mutate";
import { plainConstants } from "./plain_onnx";
import { plainLegacy, plainPytorch } from "./plain_pytorch";
import { element, plainSafetensors, type Tensors } from "./plain_reader";

export interface Outcome {
  loaded: number;
  /** Opened, but some tensor of it was refused. */
  partly: number;
  refused: number;
  slowestMs: number;
  mostBytes: number;
}

const LIMIT_MS = 2_000;
const LIMIT_BYTES = 256e6;

/** Runs `total` files over all formats; the problems are empty if all is well. */
export async function fuzz(total: number, seed: number) {
  const outcomes: Record<string, Outcome> = {};
  const problems: string[] = [];
  for (const family of FAMILIES) {
    const outcome = { loaded: 0, partly: 0, refused: 0, slowestMs: 0, mostBytes: 0 };
    outcomes[family.name] = outcome;
    const count = family.makes.length > 0 ? Math.round((total * family.share) / 100) : 0;
    for (let i = 0; i < count; i++) {
      const bytes = damagedFile(family, seed, i);
      await tryFile(bytes, outcome).catch((error) => {
        problems.push(`${family.name} file ${i} of seed ${seed}: ${error?.stack ?? error}`);
      });
    }
  }
  return { outcomes, problems };
}

/** File number i of a family: the same for the same seed. */
export function damagedFile(family: Family, seed: number, i: number): Uint8Array {
  const random = xorshift(seed * 1_000_003 + i * 7919 + family.name.length);
  for (let warm = 0; warm < 4; warm++) random(2); // near seeds begin alike
  return family.makes[random(family.makes.length)](random);
}

async function tryFile(bytes: Uint8Array, outcome: Outcome): Promise<void> {
  const start = cpuMs();
  const before = memory();
  try {
    const checkpoint = await openCheckpoint(strictSource(bytes), { formats: FORMATS });
    const found = await readAll(checkpoint);
    measure(outcome, start, before);
    if ([...found.values()].some((values) => values === null)) outcome.partly++;
    else outcome.loaded++;
    compare(checkpoint, found, bytes);
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    if (!/^[^\p{Cc}]{10,600}$/u.test(error.message)) {
      throw new Error(`not a sentence: ${JSON.stringify(error.message)}`);
    }
    measure(outcome, start, before);
    outcome.refused++;
  }
}

/** Time that this process computed: waiting for a busy machine is not the reader's fault. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function measure(outcome: Outcome, start: number, before: number): void {
  const ms = cpuMs() - start;
  const bytes = memory() - before;
  outcome.slowestMs = Math.max(outcome.slowestMs, ms);
  outcome.mostBytes = Math.max(outcome.mostBytes, bytes);
  if (!(ms < LIMIT_MS)) throw new Error(`it took ${ms} ms`);
  if (!(bytes < LIMIT_BYTES)) throw new Error(`it took ${bytes} bytes of memory`);
}

/** Readers promise to stay within the file; here that promise is checked. */
function strictSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => {
      const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
      if (!whole || offset < 0 || length < 0 || offset + length > bytes.length) {
        throw new Error(`read of ${length} bytes at ${offset} in ${bytes.length}`);
      }
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** Null for a tensor that was refused. */
async function readAll(checkpoint: Checkpoint): Promise<Map<string, Float32Array | null>> {
  const found = new Map<string, Float32Array | null>();
  for (const [name, tensor] of checkpoint.tensors) {
    const values = await tensor.read().catch((error) => {
      if (error instanceof WeightsError) return null;
      throw error;
    });
    found.set(name, values);
  }
  return found;
}

function compare(
  checkpoint: Checkpoint,
  found: ReadonlyMap<string, Float32Array | null>,
  bytes: Uint8Array,
): void {
  if (checkpoint.format === "onnx") {
    compareConstants(found, bytes);
    return;
  }
  const plain = {
    safetensors: plainSafetensors,
    pytorch: plainPytorch,
    "pytorch-legacy": plainLegacy,
  };
  const expected: Tensors = plain[checkpoint.format](bytes);
  const names = (keys: Iterable<string>) => JSON.stringify([...keys].toSorted());
  if (names(found.keys()) !== names(expected.keys())) {
    throw new Error(`tensors ${names(found.keys())}, plainly ${names(expected.keys())}`);
  }
  for (const [name, values] of found) {
    const plainly = expected.get(name)!;
    const shape = checkpoint.tensors.get(name)!.shape;
    if (`${shape}` !== `${plainly.shape}`) {
      throw new Error(`"${name}" has shape ${shape}, plainly ${plainly.shape}`);
    }
    if (values && bits(values) !== bits(plainly.values())) {
      throw new Error(`"${name}" is ${values}, plainly ${plainly.values()}`);
    }
  }
}

function bits(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("latin1");
}

/**
 * Tensors of an export are reordered constants: the sorted numbers must be those of one of them.
 * Only noise weights are computed: they take up gains of sqrt(2) that the graph has elsewhere.
 */
function compareConstants(
  found: ReadonlyMap<string, Float32Array | null>,
  bytes: Uint8Array,
): void {
  const half = (h: number) => element("F16", new DataView(Uint16Array.of(h).buffer), 0);
  const constants = plainConstants(bytes, half).map((values) => Float32Array.from(values).sort());
  const known = new Set(constants.map(bits));
  for (const [name, values] of found) {
    if (!values || known.has(bits(values.toSorted()))) continue;
    if (name.endsWith("noise.weight") && constants.some((c) => isGain(values[0], c))) continue;
    throw new Error(`"${name}" holds values that no constant of the file has`);
  }
}

/** A product of the constant and up to two gains; 1e-6 is eight roundings of float32. */
function isGain(value: number, [constant, ...others]: Float32Array): boolean {
  const near = (k: number) => Math.abs(value / constant / Math.SQRT2 ** k - 1) <= 1e-6;
  return others.length === 0 && [-2, -1, 0, 1, 2].some(near);
}
