import { createRequire } from "node:module";
import { installedVersion, peerFile } from "./install";

export type Provider = "webgpu" | "cpu";

/** A network in another runtime, open in this process. */
export interface Peer {
  /** E.g. "onnxruntime WebGPU". */
  readonly name: string;
  readonly version: string;
  /** The picture (1, 3, h, w) in [-1, 1] through the network, read back. */
  run(input: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface PeerOptions {
  /** Path of an ONNX file. */
  readonly model: string;
  readonly provider: Provider;
}

/** The little of onnxruntime-node that is used here; it is not installed where types are checked. */
interface Runtime {
  readonly InferenceSession: {
    create(model: string, options: object): Promise<Session>;
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
 * Opens an ONNX file in onnxruntime-node, with the options that it starts with by itself. Its WebGPU
 * provider is a Dawn of its own, which lives in one process with that of the package `webgpu`,
 * whichever comes first; both look for Vulkan drivers where VK_ICD_FILENAMES says.
 *
 * Errors    Error in one sentence if the peers are not installed; whatever onnxruntime says of the file
 */
export async function openPeer({ model, provider }: PeerOptions): Promise<Peer> {
  const version = await installedVersion("onnxruntime-node");
  if (version === undefined) {
    throw new Error("bench: onnxruntime-node is not installed; call ensurePeers() first");
  }
  const { InferenceSession, Tensor } = runtime();
  const session = await InferenceSession.create(model, {
    executionProviders: [provider],
    logSeverityLevel: LOG_ERRORS,
  });
  return {
    name: `onnxruntime ${provider === "webgpu" ? "WebGPU" : "CPU"}`,
    version,
    async run(input) {
      const side = Math.sqrt(input.length / 3);
      const tensor = new Tensor("float32", input, [1, 3, side, side]);
      const { output } = await session.run({ input: tensor });
      return output.data as Float32Array;
    },
    close: () => session.release(),
  };
}

function runtime(): Runtime {
  const path = peerFile("onnxruntime-node", "package.json");
  return createRequire(path)("onnxruntime-node") as Runtime;
}
