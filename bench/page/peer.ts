/** Where the page's server, or a static build, has the files of onnxruntime-web. */
export const PEER_FOLDER = "onnxruntime-web";
export const PEER_MODULE = "ort.webgpu.bundle.min.mjs";

/** A network in onnxruntime-web's WebGPU provider. */
export interface WebPeer {
  /** Milliseconds that starting onnxruntime (the first time) and making the session took. */
  readonly openMs: number;
  readonly version: string;
  /** The adapter that it computes on. */
  readonly info: Partial<GPUAdapterInfo>;
  run(input: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The little of onnxruntime-web that is used here; it is not installed where types are checked. */
interface Runtime {
  readonly env: {
    readonly versions: { readonly web?: string };
    readonly webgpu: { powerPreference?: GPUPowerPreference; readonly device: Promise<GPUDevice> };
  };
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<Session>;
  };
  readonly Tensor: new (
    type: "float32",
    elements: Float32Array,
    shape: readonly number[],
  ) => unknown;
}

interface Session {
  run(inputs: Record<string, unknown>): Promise<{ readonly output: { readonly data: unknown } }>;
  release(): Promise<void>;
}

/** Only errors: sessions warn of every shape computation that stays on the CPU, as it should. */
const LOG_ERRORS = 3;

/**
 * Opens an ONNX file with the options that onnxruntime-web starts with by itself, on a device of its
 * own from the adapter of high performance, as ours is.
 *
 * Errors    Error in one sentence if onnxruntime-web is not there; whatever it says of the file
 */
export async function openWebPeer(model: Uint8Array): Promise<WebPeer> {
  const start = performance.now();
  const { env, InferenceSession, Tensor } = await runtime();
  env.webgpu.powerPreference = "high-performance";
  const session = await InferenceSession.create(model, {
    executionProviders: ["webgpu"],
    logSeverityLevel: LOG_ERRORS,
  });
  const openMs = performance.now() - start;
  const device = await env.webgpu.device;
  return {
    openMs,
    version: env.versions.web ?? "",
    info: device.adapterInfo ?? {},
    async run(input) {
      const side = Math.sqrt(input.length / 3);
      const tensor = new Tensor("float32", input, [1, 3, side, side]);
      const { output } = await session.run({ input: tensor });
      return output.data as Float32Array;
    },
    close: () => session.release(),
  };
}

async function runtime(): Promise<Runtime> {
  const url = new URL(`${PEER_FOLDER}/${PEER_MODULE}`, document.baseURI).href;
  return import(/* @vite-ignore */ url).catch((error: Error) => {
    throw new Error(
      `page: onnxruntime-web could not be loaded (${error.message}); serve the page with npm run bench:page, which installs it`,
    );
  });
}
