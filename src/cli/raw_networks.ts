import { GpuError, ShapeError } from "../errors";
import { prepare } from "../gpu/prepare";
import { compile } from "../graph/compile";
import { discriminator } from "../graph/discriminator";
import { gpen } from "../graph/gpen";
import type { Node, ReadParameter } from "../graph/node";
import { run } from "../graph/run_alone";
import { sampler } from "../graph/sampler";
import { joined } from "../graph/taps";
import type { Gpu } from "../index";
import type { Precision } from "../kernels/layout";
import { chooseFor } from "../lowering/techniques";
import { type Shape, sameShape, show } from "../tensor";
import type { Checkpoint } from "../weights/checkpoint";
import { type GpenConfig, latentCount } from "../weights/config";
import type { ModelKind } from "../weights/parameters";
import type { Writable } from "../weights/write_safetensors";

/** A network whose inputs a file has, and the names under which its outputs are written. */
export interface RawNetwork {
  readonly outputs: Readonly<Record<string, Node>>;
  /** Inputs that need not be in the file. */
  readonly defaults: Readonly<Record<string, (given: Checkpoint) => Promise<Float32Array>>>;
}

/**
 * The networks of a model that the file `given` has inputs for: `input` runs the whole network (or
 * the discriminator), `prior.z` the prior alone.
 *
 * Errors    ShapeError if there is neither, or the model has no such network
 */
export function networksFor(
  kind: ModelKind,
  config: GpenConfig,
  given: Checkpoint,
  taps: boolean,
): RawNetwork[] {
  const batch = (name: string) => given.tensors.get(name)?.shape[0];
  const networks: RawNetwork[] = [];
  const [faces, latents] = [batch("input"), batch("prior.z")];
  if (faces !== undefined && kind !== "prior") {
    networks.push(kind === "gpen" ? whole(config, faces, taps) : judge(config, faces, taps));
  }
  if (latents !== undefined && kind !== "discriminator") networks.push(prior(config, latents));
  if (networks.length === 0) {
    const wanted = { gpen: `"input" or "prior.z"`, prior: `"prior.z"`, discriminator: `"input"` };
    throw new ShapeError(
      `run: the model is a ${kind} and needs ${wanted[kind]}; the file has ${[...given.tensors.keys()].slice(0, 5).join(", ") || "no tensors"}`,
    );
  }
  return networks;
}

function whole(config: GpenConfig, n: number, withTaps: boolean): RawNetwork {
  const { output, taps } = gpen(config, n);
  return { outputs: { output, ...(withTaps ? named("tap.", joined(taps)) : {}) }, defaults: {} };
}

function judge(config: GpenConfig, n: number, withTaps: boolean): RawNetwork {
  const { logits, features } = discriminator(config, n);
  const taps = withTaps ? named("disc.feat.", Object.fromEntries(features.entries())) : {};
  return { outputs: { "disc.logits": logits, ...taps }, defaults: {} };
}

/** Without truncation or mixing, so that the second latent and the mean have no influence. */
function prior(config: GpenConfig, n: number): RawNetwork {
  return {
    outputs: { "prior.output": sampler(config, n).output },
    defaults: {
      "prior.z2": (given) => given.tensors.get("prior.z")!.read(),
      "prior.w_avg": async () => new Float32Array(config.styleDim),
      "prior.mix_by": async () => Float32Array.of(1, latentCount(config)),
    },
  };
}

function named(prefix: string, nodes: Readonly<Record<string, Node>>): Record<string, Node> {
  return Object.fromEntries(Object.entries(nodes).map(([key, node]) => [prefix + key, node]));
}

/**
 * Runs one network on the inputs that a file holds.
 *
 * Errors    ShapeError naming an input that is missing or of another shape; GpuError for f16 on a
 *           device without it
 */
export async function runNetwork(
  gpu: Gpu,
  network: RawNetwork,
  given: Checkpoint,
  read: ReadParameter,
  precision: Precision,
): Promise<Map<string, Writable>> {
  if (precision === "f16" && !gpu.f16) {
    throw new GpuError(`run: ${gpu.name} has no shader-f16; use --precision f32`);
  }
  const program = await compile(network.outputs, {
    precision,
    limits: gpu.limits,
    choose: chooseFor(gpu),
  });
  const inputs: Record<string, Float32Array> = {};
  for (const [name, index] of Object.entries(program.inputs)) {
    inputs[name] = await inputFor(name, program.tensors[index].shape, given, network);
  }
  const executable = await prepare(gpu, program, read);
  try {
    const outputs = Object.entries(await run(executable, inputs));
    return new Map(
      outputs.map(([name, values]) => {
        const { shape } = program.tensors[program.outputs[name]];
        return [name, { shape, folded: 1, read: async () => values }];
      }),
    );
  } finally {
    executable.dispose();
  }
}

async function inputFor(
  name: string,
  shape: Shape,
  given: Checkpoint,
  { defaults }: RawNetwork,
): Promise<Float32Array> {
  if (name in defaults) return defaults[name](given);
  const tensor = given.tensors.get(name);
  if (!tensor) {
    throw new ShapeError(`run: the file of inputs has no ${name} ${show(shape)}; add it`);
  }
  if (!sameShape(tensor.shape, shape)) {
    throw new ShapeError(
      `run: ${name} is ${show(tensor.shape)} in the file of inputs, the model needs ${show(shape)}`,
    );
  }
  return tensor.read();
}
