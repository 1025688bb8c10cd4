import type { Shape } from "../tensor";
import { channels, type GpenConfig, resolutions } from "./config";

/** One tensor of a published checkpoint. */
export interface Parameter {
  readonly key: string;
  readonly shape: Shape;
  /** "fir" tensors are constants stored beside the weights; they are checked and not used. */
  readonly role: "weight" | "bias" | "noise" | "fir";
}

/** Those of a whole GPEN, in file order. */
export function gpenParameters(config: GpenConfig): Parameter[] {
  return [...generatorParameters(config), ...encoderParameters(config)];
}

export function generatorParameters(config: GpenConfig): Parameter[] {
  const { styleDim, nMlp } = config;
  const halves = config.noise === "concat" ? 2 : 1;
  const c4 = channels(config, 4);
  const list: Parameter[] = [];
  for (let i = 1; i <= nMlp; i++)
    list.push(...fullyConnected(`generator.style.${i}`, styleDim, styleDim));
  list.push(parameter("generator.input.input", [1, c4, 4, 4]));
  list.push(...styledConv("generator.conv1", c4, c4, config, false));
  list.push(...toRgb("generator.to_rgb1", c4 * halves, styleDim, false));
  const above = resolutions(config.outSize).slice(1);
  for (const [i, side] of above.entries()) {
    const c = channels(config, side);
    list.push(
      ...styledConv(
        `generator.convs.${2 * i}`,
        channels(config, side / 2) * halves,
        c,
        config,
        true,
      ),
    );
    list.push(...styledConv(`generator.convs.${2 * i + 1}`, c * halves, c, config, false));
  }
  for (const [i, side] of above.entries()) {
    list.push(...toRgb(`generator.to_rgbs.${i}`, channels(config, side) * halves, styleDim, true));
  }
  return list;
}

function styledConv(
  name: string,
  cIn: number,
  cOut: number,
  config: GpenConfig,
  up: boolean,
): Parameter[] {
  return [
    ...modulatedConv(`${name}.conv`, cIn, cOut, 3, config.styleDim),
    ...(up ? [parameter(`${name}.conv.blur.kernel`, [4, 4], "fir")] : []),
    parameter(`${name}.noise.weight`, [1], "noise"),
    parameter(`${name}.activate.bias`, [cOut * (config.noise === "concat" ? 2 : 1)], "bias"),
  ];
}

function toRgb(name: string, cIn: number, styleDim: number, up: boolean): Parameter[] {
  return [
    parameter(`${name}.bias`, [1, 3, 1, 1], "bias"),
    ...(up ? [parameter(`${name}.upsample.kernel`, [4, 4], "fir")] : []),
    ...modulatedConv(`${name}.conv`, cIn, 3, 1, styleDim),
  ];
}

function modulatedConv(
  name: string,
  cIn: number,
  cOut: number,
  k: number,
  styleDim: number,
): Parameter[] {
  return [
    parameter(`${name}.weight`, [1, cOut, cIn, k, k]),
    ...fullyConnected(`${name}.modulation`, styleDim, cIn),
  ];
}

function encoderParameters(config: GpenConfig): Parameter[] {
  const sides = resolutions(config.inSize).reverse();
  const list = sides.flatMap((side, i) =>
    i === 0
      ? convLayer("ecd0.0", 3, channels(config, side), 1)
      : downLayer(`ecd${i}.0`, channels(config, sides[i - 1]), channels(config, side), 3),
  );
  return [...list, ...fullyConnected("final_linear.0", channels(config, 4) * 16, config.styleDim)];
}

export function convLayer(name: string, cIn: number, cOut: number, k: number): Parameter[] {
  return [
    parameter(`${name}.0.weight`, [cOut, cIn, k, k]),
    parameter(`${name}.1.bias`, [cOut], "bias"),
  ];
}

/** FIR taps come first, so weight and bias are numbered one higher. */
export function downLayer(name: string, cIn: number, cOut: number, k: number): Parameter[] {
  return [
    parameter(`${name}.0.kernel`, [4, 4], "fir"),
    parameter(`${name}.1.weight`, [cOut, cIn, k, k]),
    parameter(`${name}.2.bias`, [cOut], "bias"),
  ];
}

export function fullyConnected(name: string, cIn: number, cOut: number): Parameter[] {
  return [parameter(`${name}.weight`, [cOut, cIn]), parameter(`${name}.bias`, [cOut], "bias")];
}

function parameter(key: string, shape: Shape, role: Parameter["role"] = "weight"): Parameter {
  return { key, shape, role };
}
