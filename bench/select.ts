import { UsageError } from "../src/cli/usage_error";
import { CASES } from "./cases";
import { caseLayers, type Layer, layersOf } from "./layers";
import { benchModel, type ModelChoice } from "./models";
import type { BenchOptions } from "./options";

/** The models that a run is about: the chosen one, and with --full the published sizes up to 1024. */
export function modelsOf({ model, full }: BenchOptions): ModelChoice[] {
  const more: ModelChoice[] = full ? ["256", "512", "1024"] : [];
  return [...new Set([model, ...more])];
}

/**
 * The layers to measure: all of the models, or those of one kernel and shape. A kernel that no model
 * uses is measured by its rows in bench/cases.
 *
 * Errors    UsageError for a kernel or a shape that is not there, with those that are
 */
export async function selectLayers(options: BenchOptions): Promise<Layer[]> {
  const { kernel, shape } = options;
  const models = await Promise.all(modelsOf(options).map(async (each) => benchModel(each)));
  const layers = (await Promise.all(models.map(layersOf))).flat();
  if (kernel === undefined) return bySubstring(layers, shape);
  const ofKernel = ({ node }: Layer) => node.kernel.name === kernel;
  const found = layers.filter(ofKernel);
  const rows = found.length > 0 ? found : caseLayers(CASES).filter(ofKernel);
  if (rows.length === 0) {
    const known = [...layers, ...caseLayers(CASES)].map(({ node }) => node.kernel.name);
    throw new UsageError(
      `bench: there is no kernel ${kernel}; use one of ${[...new Set(known)].sort().join(", ")}`,
    );
  }
  return bySubstring(rows, shape);
}

function bySubstring(layers: readonly Layer[], text: string | undefined): Layer[] {
  if (text === undefined) return [...layers];
  const found = layers.filter(({ shape }) => shape.includes(text));
  if (found.length > 0) return found;
  const known = layers.map(({ shape }) => shape);
  throw new UsageError(
    `bench: no shape here contains "${text}"; the first ones are ${known.slice(0, 3).join("; ")}; --list shows all`,
  );
}

/** One line per layer: kernel, shape, multiply-adds, names. */
export function listLayers(layers: readonly Layer[]): string {
  const widest = Math.max(...layers.map(({ node }) => node.kernel.name.length));
  const lines = layers.map(({ node, shape, model, names }) => {
    const macs = node.kernel.macs?.(node.args);
    const cost = macs ? `  ${(macs / 1e9).toFixed(3)} GMAC` : "";
    return `${node.kernel.name.padEnd(widest)}  ${shape}${cost}  # ${model} ${names.join(", ")}\n`;
  });
  return lines.join("");
}
