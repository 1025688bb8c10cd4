import type { BenchResult, KernelRow, ModelRow, PeerRow, Spread } from "../../bench/result";

const CEILINGS = { fmaGflops: 32.4, matmulGflops: 13.8, copyGbps: 11.6 };

/** A layer's name, kernel, output (c, side), multiply-adds, bytes, and share of the roofline it reaches. */
type Layer = readonly [
  name: string,
  kernel: string,
  c: number,
  side: number,
  macs: number,
  bytes: number,
  share: number,
];

/**
 * A result that is plausible for GPEN-256 on a software adapter, made from the network's shapes and
 * assumed efficiencies: for tests and for looking at the report. Nothing in it was measured.
 */
export function sampleResult(): BenchResult {
  const layers = gpen256();
  return {
    version: 1,
    date: "2026-11-22T14:05:09.000Z",
    commit: "cc5c504d1f0f6f0a8b7e",
    environment: {
      adapter: "llvmpipe (LLVM 15.0.6, 256 bits) (software)",
      driver: "Mesa 22.3.6 (LLVM 15.0.6)",
      software: true,
      runtime: "node 20.19.0, webgpu 0.6.2",
      cpu: "2 x Intel Xeon",
      os: "Debian GNU/Linux 12",
    },
    ceilings: CEILINGS,
    peers: [...peers("GPEN-256", 1020), ...peers("tiny", 118)],
    models: [model("GPEN-256", layers, 1), model("tiny", layers, 0.12)],
    kernels: layers.map(kernelRow),
    notes: ["GPEN-512 was not measured: the default run is GPEN-256 alone, --full does the rest."],
  };
}

/** The layers of GPEN-256 in the order that they run: encoder, latents, generator. */
function gpen256(): Layer[] {
  const width: Record<number, number> = { 256: 32, 128: 64, 64: 128 };
  const channels = (side: number) => width[side] ?? 256;
  const layers: Layer[] = [["ecd0", "conv2d", 32, 256, 6.3e6, 9.2e6, 0.71]];
  for (let side = 128, i = 1; side >= 4; side /= 2, i++) {
    const [from, to] = [channels(2 * side), channels(side)];
    layers.push([`ecd${i}.blur`, "fir", from, 2 * side, 0, 32 * from * side * side, 0.6]);
    layers.push(conv(`ecd${i}`, side > 8 ? "conv_broadcast" : "conv_tile", from, to, side, 0.34));
  }
  for (let i = 1; i <= 8; i++) layers.push([`w.${i}`, "linear", 512, 1, 3e5, 1e6, 0.2]);
  layers.push(["styles", "style_vectors", 7168, 1, 3.7e6, 1.5e7, 0.62]);
  layers.push(["demodulation", "demodulation", 2240, 1, 1.1e6, 4.4e6, 0.5]);
  layers.push(conv("conv1", "modulated_conv3x3", 256, 256, 4, 0.18));
  for (let side = 8, i = 0; side <= 256; side *= 2, i += 2) {
    const [from, to] = [channels(side / 2), channels(side)];
    const fast = side >= 64;
    layers.push(
      conv(
        `convs.${i}.up`,
        fast ? "conv_tile" : "modulated_upconv3x3",
        2 * from,
        to,
        side / 2,
        0.5,
      ),
    );
    layers.push([`convs.${i}`, "fir", to, side, 0, 8 * to * side * side, 0.55]);
    const kernel = fast ? "winograd_product" : "modulated_conv3x3";
    layers.push(conv(`convs.${i + 1}`, kernel, 2 * to, to, side, fast ? 0.93 : 0.42));
    const rgb = 6 * to * side * side;
    layers.push([`rgb${side}`, "to_rgb", 3, side, rgb, 8 * to * side * side, 0.66]);
  }
  return layers;
}

function conv(name: string, kernel: string, from: number, to: number, side: number, share: number) {
  const macs = 9 * from * to * side * side;
  const bytes = 4 * (9 * from * to + (from + to) * side * side);
  return [name, kernel, to, side, macs, bytes, share] as const;
}

function milliseconds([name, , , , macs, bytes, share]: Layer): number {
  const roof = Math.max((2 * macs) / CEILINGS.fmaGflops, bytes / CEILINGS.copyGbps) / 1e6;
  return roof / (share * (0.85 + 0.3 * wobble(name)));
}

function kernelRow(layer: Layer): KernelRow {
  const [name, kernel, c, side, macs, bytes] = layer;
  const ms = milliseconds(layer);
  const gflops = (2 * macs) / ms / 1e6;
  const intensity = (2 * macs) / bytes;
  return {
    name: kernel,
    shape: side === 1 ? `1x${c}` : `1x${c}x${side}x${side}, w ${c}x64x3x3, b, activate`,
    layer: `GPEN-256 ${name}${name === "w.1" ? ", w.2, w.3, w.4" : ""}`,
    ms,
    spread: spread(ms, name, 7),
    gflops,
    gbps: bytes / ms / 1e6,
    intensity,
    ceiling_fraction:
      macs > 0
        ? gflops / Math.min(CEILINGS.fmaGflops, intensity * CEILINGS.copyGbps)
        : bytes / ms / 1e6 / CEILINGS.copyGbps,
    fma_fraction: gflops / CEILINGS.fmaGflops,
    error: 3e-7 + 4e-7 * wobble(kernel),
  };
}

function model(name: string, layers: readonly Layer[], scale: number): ModelRow {
  const steps = layers.map((layer) => ({
    name: layer[0],
    kernel: layer[1],
    ms: scale * milliseconds(layer),
  }));
  const warm = steps.reduce((sum, { ms }) => sum + ms, 0);
  return {
    model: name,
    precision: "f32",
    phases: {
      read_ms: 310 * scale,
      upload_ms: 180 * scale,
      pipelines_ms: 240,
      first_ms: warm * 1.4 + 600,
      warm_ms: warm,
      readback_ms: 4.2 * scale,
    },
    weight_bytes: Math.round(79.5e6 * scale),
    activation_bytes: Math.round(41.4e6 * scale),
    download_bytes: 41_300,
    peer_download_bytes: 6_240_000,
    steps,
  };
}

/** Ours against three peers in three phases; `warm` is our warm time in milliseconds. */
function peers(name: string, warm: number): PeerRow[] {
  const ratios = [
    ["onnxruntime WebGPU, published", { cold: 5.2, first: 4.9, warm: 6.1 }],
    ["onnxruntime WebGPU, lean", { cold: 4.6, first: 4.2, warm: 4.3 }],
    ["onnxruntime CPU, lean", { cold: 0.31, first: 0.12, warm: 0.108 }],
  ] as const;
  const ours = { cold: 3.4 * warm, first: 2.1 * warm, warm };
  return (["warm", "first", "cold"] as const).flatMap((phase) =>
    ratios.map(([peer, ratio]): PeerRow => {
      const [ours_ms, seed] = [ours[phase] * (0.98 + 0.04 * wobble(peer + phase)), peer + name];
      const peer_ms = ours_ms * ratio[phase];
      return {
        model: name,
        adapter: "llvmpipe (software)",
        peer,
        phase,
        precision: "f32",
        ours_ms,
        peer_ms,
        ratio: ratio[phase],
        ratio_low: ratio[phase] * 0.94,
        ratio_high: ratio[phase] * 1.07,
        ours: spread(ours_ms, seed, 3),
        theirs: spread(peer_ms, `${seed}.theirs`, 3),
      };
    }),
  );
}

function spread(median: number, seed: string, samples: number): Spread {
  const low = median * (0.93 + 0.05 * wobble(seed));
  return { median, low, high: median * (1.03 + 0.12 * wobble(`${seed}.high`)), samples };
}

/** A number in [0, 1) that depends on the text alone, so that the sample never changes. */
function wobble(text: string): number {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) % 9973;
  return hash / 9973;
}
