import type { Command } from "commander";
import { DEFAULT_LIMITS, type Limits } from "../graph/bands";
import { compile } from "../graph/compile";
import { discriminator } from "../graph/discriminator";
import { gpen, sampler } from "../graph/gpen";
import { type Program, printProgram } from "../graph/program";
import { openNodeGpu } from "../node/gpu";
import type { Checkpoint } from "../weights/checkpoint";
import type { GpenConfig } from "../weights/config";
import { checkpointReader, parameterCount } from "../weights/gpen";
import { inferConfig, type Kind } from "../weights/infer_config";
import { openCheckpoint } from "../weights/open_checkpoint";
import { mb, withFile } from "./open_model";
import { addAdapterOption, addModelOptions, type ModelOptions } from "./options";

interface InspectOptions extends ModelOptions {
  readonly adapter: string;
}

/** gpen inspect M: what a file of weights is, and what it takes to run it. */
export function inspectCommand(program: Command): Command {
  const command = program
    .command("inspect")
    .description("configuration, layers, memory plan, and which sizes fit this device")
    .argument("<model>", "file of weights, or the name of one in ./models");
  addAdapterOption(addModelOptions(command));
  return command.action((name, options: InspectOptions) =>
    withFile(name, async (source, file) => {
      const checkpoint = await openCheckpoint(source, { key: options.key });
      const { kind, config } = inferConfig(checkpoint, { noise: options.noise });
      await checkpointReader(checkpoint, kind, config);
      const device = await findDevice(options.adapter);
      const lines = [
        `file        ${file.path}, ${mb(source.size)}`,
        ...describeModel(checkpoint, kind, config),
        "",
        ...describePlan(kind, config, device.limits),
        "",
        `device      ${device.name}`,
        ...fits(device.limits),
      ];
      process.stdout.write(`${lines.join("\n")}\n`);
    }),
  );
}

/** The limits of the device that would be used; WebGPU's defaults where there is none. */
async function findDevice(adapter: string): Promise<{ name: string; limits: Limits }> {
  try {
    const gpu = await openNodeGpu({ adapter });
    const { maxStorageBufferBindingSize, maxBufferSize, minStorageBufferOffsetAlignment } =
      gpu.limits;
    const limits = { maxStorageBufferBindingSize, maxBufferSize, minStorageBufferOffsetAlignment };
    gpu.dispose();
    return { name: gpu.name, limits };
  } catch (error) {
    if (adapter !== "auto") throw error;
    return { name: "none found; with WebGPU's default limits:", limits: DEFAULT_LIMITS };
  }
}

function describeModel({ format, tensors }: Checkpoint, kind: Kind, config: GpenConfig): string[] {
  const types = [...new Set([...tensors.values()].map(({ dtype }) => dtype))];
  const { inSize, outSize, styleDim, nMlp, channelMultiplier, narrow, noise, normalise } = config;
  return [
    `format      ${format}, ${tensors.size} tensors, ${types.join(" and ")}`,
    `kind        ${kind}, ${inSize}x${inSize} to ${outSize}x${outSize}`,
    `latents     style_dim ${styleDim}, ${nMlp} mapping layers`,
    `channels    multiplier ${channelMultiplier}, narrow ${narrow}`,
    `noise       ${noise}`,
    `normalise   ${normalise}`,
    `parameters  ${parameterCount(kind, config).toLocaleString("en")}`,
  ];
}

function describePlan(kind: Kind, config: GpenConfig, limits: Limits): string[] {
  try {
    const program = planOf(kind, config, limits);
    return [
      `MACs        ${(macs(program) / 1e9).toFixed(2)} G per picture`,
      "",
      printProgram(program),
    ];
  } catch (error) {
    return [`plan        does not fit this device: ${(error as Error).message}`];
  }
}

function planOf(kind: Kind, config: GpenConfig, limits: Limits): Program {
  if (kind === "discriminator") {
    return compile({ logits: discriminator(config, 1).logits }, { limits });
  }
  const { output } = kind === "gpen" ? gpen(config, 1) : sampler(config, 1);
  return compile({ output }, { limits });
}

/** Multiply-adds of a run; a node in bands counts once. */
function macs({ steps }: Program): number {
  return steps
    .filter(({ completes }) => completes)
    .reduce((sum, { node, kernel }) => sum + (kernel.macs?.(node.args) ?? 0), 0);
}

/** The published sizes: GPEN-256 is narrower than the others. Source: GPEN README. */
function fits(limits: Limits): string[] {
  return [256, 512, 1024, 2048].map((size) => {
    const [channelMultiplier, narrow] = size === 256 ? [1, 0.5] : [2, 1];
    const config: GpenConfig = {
      inSize: size,
      outSize: size,
      styleDim: 512,
      nMlp: 8,
      channelMultiplier,
      narrow,
      noise: "concat",
      normalise: true,
    };
    const name = `  GPEN-${size}`.padEnd(12);
    try {
      const { memory } = planOf("gpen", config, limits);
      const bytes = memory.weightBytes + memory.peakBytes;
      return `${name}fits: ${mb(bytes)} in f32, activations included`;
    } catch (error) {
      return `${name}does not fit: ${(error as Error).message}`;
    }
  });
}
