import type { Command } from "commander";
import { DEFAULT_LIMITS } from "../graph/limits";
import { printProgram } from "../graph/program";
import { FORMATS } from "../importers/index";
import type { Gpu } from "../index";
import type { Precision } from "../kernels/layout";
import { NO_TRAITS } from "../lowering/choose";
import { openNodeGpu } from "../node/gpu";
import type { Checkpoint } from "../weights/checkpoint";
import type { GpenConfig } from "../weights/config";
import { checkpointReader } from "../weights/gpen";
import { inferConfig } from "../weights/infer_config";
import { openCheckpoint } from "../weights/open_checkpoint";
import { type ModelKind, parameterCount } from "../weights/parameters";
import { PUBLISHED_SIZES, publishedConfig } from "../weights/published_config";
import { checkSteps, profileSteps } from "./inspect_run";
import { MODEL_HELP } from "./model_file";
import { mb, withFile } from "./open_model";
import { addAdapterOption, addModelOptions, type ModelOptions } from "./options";
import { type Device, inBands, macs, planOf } from "./plan";

interface InspectOptions extends ModelOptions {
  readonly adapter: string;
  readonly profile: boolean;
  readonly check: boolean;
}

const PRECISIONS: readonly Precision[] = ["f32", "f16"];

/** gpen inspect M: what a file of weights is, and what it takes to run it. */
export function inspectCommand(program: Command): Command {
  const command = program
    .command("inspect")
    .description("configuration, layers, memory plan, and which sizes fit this device")
    .argument("<model>", MODEL_HELP)
    .option("--profile", "also run it and print the GPU time of every layer", false)
    .option("--check", "also compare every layer with plain CPU code; slow above 128 px", false);
  addAdapterOption(addModelOptions(command));
  return command.action((name, options: InspectOptions) =>
    withFile(name, options, async (source, file) => {
      const checkpoint = await openCheckpoint(source, { key: options.key, formats: FORMATS });
      const { kind, config } = inferConfig(checkpoint, { noise: options.noise });
      const read = await checkpointReader(checkpoint, kind, config);
      const gpu = await findGpu(options);
      try {
        print([`file        ${file.path}, ${mb(source.size)}`]);
        print(describeModel(checkpoint, kind, config));
        print(["", ...(await describePlan(kind, config, gpu ?? NO_DEVICE))]);
        print(["", ...(await describeDevice(gpu))]);
        if (gpu && options.profile) print(["", ...(await profileSteps(gpu, kind, config, read))]);
        if (gpu && options.check) print(["", ...(await checkSteps(gpu, kind, config, read))]);
      } finally {
        gpu?.dispose();
      }
    }),
  );
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

const NO_DEVICE: Device = { ...NO_TRAITS, limits: DEFAULT_LIMITS };

/** The device that would be used; none is needed unless one was named or something is to run. */
async function findGpu({ adapter, profile, check }: InspectOptions): Promise<Gpu | undefined> {
  try {
    return await openNodeGpu({ adapter });
  } catch (error) {
    if (adapter !== "auto" || profile || check) throw error;
    return undefined;
  }
}

function describeModel(
  { format, tensors }: Checkpoint,
  kind: ModelKind,
  config: GpenConfig,
): string[] {
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

async function describePlan(
  kind: ModelKind,
  config: GpenConfig,
  device: Device,
): Promise<string[]> {
  try {
    const program = await planOf(kind, config, device, "f32");
    const describing = PRECISIONS.map(async (precision) => {
      const { memory } = await planOf(kind, config, device, precision);
      const { peakBytes, sumBytes, weightBytes, largestBytes, largestBindingBytes } = memory;
      return `memory ${precision}  activations ${mb(peakBytes)} (${mb(sumBytes)} without reuse), weights ${mb(weightBytes)}, largest buffer ${mb(largestBytes)}, largest binding ${mb(largestBindingBytes)}`;
    });
    const memory = await Promise.all(describing);
    return [
      `MACs        ${(macs(kind, config) / 1e9).toFixed(2)} G per picture`,
      ...memory,
      "",
      printProgram(program),
    ];
  } catch (error) {
    return [`plan        does not fit this device: ${(error as Error).message}`];
  }
}

async function describeDevice(gpu: Gpu | undefined): Promise<string[]> {
  const device = gpu ?? NO_DEVICE;
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const name = gpu?.name ?? "none found; WebGPU's default limits";
  const sizes = PUBLISHED_SIZES.map(async (size) => {
    const config = publishedConfig(size);
    const each = PRECISIONS.map((precision) =>
      precision === "f16" && gpu?.f16 === false
        ? "f16 not on this device"
        : fits(config, device, precision).then((fit) => `${precision} ${fit}`),
    );
    return `  GPEN-${size}`.padEnd(12) + (await Promise.all(each)).join("; ");
  });
  return [
    `device      ${name}: bindings to ${mb(maxStorageBufferBindingSize)}, buffers to ${mb(maxBufferSize)}`,
    ...(await Promise.all(sizes)),
  ];
}

async function fits(config: GpenConfig, device: Device, precision: Precision): Promise<string> {
  try {
    const program = await planOf("gpen", config, device, precision);
    const { weightBytes, peakBytes } = program.memory;
    const cut = await inBands("gpen", config, device.limits, precision);
    const bands = cut ? " in bands of rows" : "";
    return `fits${bands}: ${mb(weightBytes + peakBytes)}`;
  } catch (error) {
    return `does not fit: ${(error as Error).message}`;
  }
}
