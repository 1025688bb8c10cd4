/**
 * What one run of the benchmark measured; result.schema.json says the same to other languages. Times
 * are medians in milliseconds unless a name says otherwise.
 */
export interface BenchResult {
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** Commit that was measured, "-dirty" appended where the checkout had changes; "" if unknown. */
  readonly commit: string;
  readonly environment: Environment;
  readonly ceilings: Ceilings;
  /** Ours beside each peer. Empty where no peer was run. */
  readonly peers: readonly PeerRow[];
  /** Whole networks of ours, with the parts that a peer does not show. */
  readonly models: readonly ModelRow[];
  readonly kernels: readonly KernelRow[];
  /** What could not be measured, and why: one sentence each. */
  readonly notes: readonly string[];
}

export interface Environment {
  /** Adapter as WebGPU names it, driver and version as far as it says. */
  readonly adapter: string;
  readonly driver: string;
  readonly software: boolean;
  /** "node 20.1.0, webgpu 0.6.2", or the browser's name and version. */
  readonly runtime: string;
  readonly cpu: string;
  readonly os: string;
}

/** The most that this adapter was seen to do in the same run. */
export interface Ceilings {
  /** Independent fused multiply-adds in registers, f32. */
  readonly fmaGflops: number;
  /** A plain tiled matrix product of 1024 x 1024 x 1024, f32. */
  readonly matmulGflops: number;
  /** A copy of a buffer, bytes read plus bytes written. */
  readonly copyGbps: number;
}

/** Median and range of a series. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

export type Phase =
  /** From the start of a process, shader caches empty and weights on disk, to the first image. */
  | "cold"
  /** The first image after loading. */
  | "first"
  /** An image after that. */
  | "warm";

export interface PeerRow {
  /** "GPEN-256", "GPEN-512" or "tiny" (the embedded model). */
  readonly model: string;
  readonly adapter: string;
  /** E.g. "onnxruntime WebGPU, published", "onnxruntime WebGPU, lean", "onnxruntime CPU, lean". */
  readonly peer: string;
  readonly phase: Phase;
  readonly precision: "f32" | "f16";
  readonly ours_ms: number;
  readonly peer_ms: number;
  /** peer_ms / ours_ms: above 1 we are faster. */
  readonly ratio: number;
  /** Smallest and largest ratio of neighbouring runs. */
  readonly ratio_low: number;
  readonly ratio_high: number;
  readonly ours: Spread;
  readonly theirs: Spread;
}

export interface ModelRow {
  readonly model: string;
  readonly precision: "f32" | "f16";
  /** Where the time of loading and of the first image went, in the order that it went by. */
  readonly phases: {
    /** Reading the checkpoint and making its tensors. */
    readonly read_ms: number;
    readonly upload_ms: number;
    readonly pipelines_ms: number;
    readonly first_ms: number;
    readonly warm_ms: number;
    readonly readback_ms: number;
  };
  /** Bytes of weights and of activations on the device. */
  readonly weight_bytes: number;
  readonly activation_bytes: number;
  /** Gzipped JavaScript and wasm that a page downloads for us, and for onnxruntime-web. */
  readonly download_bytes: number;
  readonly peer_download_bytes: number;
  /** One warm image, step by step. */
  readonly steps: readonly {
    readonly name: string;
    readonly kernel: string;
    readonly ms: number;
  }[];
}

export interface KernelRow {
  readonly name: string;
  /** Output shape and what tells this call from others of the kernel. */
  readonly shape: string;
  /** The model whose layer it is, and the layer's name. */
  readonly layer: string;
  /** The kernels that compute it on this adapter, in order, where that is not `name` alone. */
  readonly runs?: readonly string[];
  readonly ms: number;
  readonly spread: Spread;
  /** Of the direct algorithm's multiply-adds, also where fewer were made. */
  readonly gflops: number;
  /** Bytes that must be read and written, once each. */
  readonly gbps: number;
  /** FLOP per byte. */
  readonly intensity: number;
  /** gflops by the roofline min(fmaGflops, intensity * copyGbps) of the same run. */
  readonly ceiling_fraction: number;
  /** gflops / fmaGflops. */
  readonly fma_fraction: number;
  /** Largest difference from the reference that was seen before timing, of the largest output. */
  readonly error: number;
}
