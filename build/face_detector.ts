import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { numel, type Shape } from "../src/tensor";
import { decodeF16 } from "../src/weights/dtype";
import { type Writable, writeSafetensors } from "../src/weights/write_safetensors";
import { readTfjs, type TfjsTensor } from "./tfjs_weights";
import { readTflite } from "./tflite";

const BLAZE_FACE = "@mediapipe/face_detection";
const LANDMARKS = "@vladmandic/face-api";

/** Blocks of BlazeFace's short-range model: a depthwise and a pointwise convolution each. */
const BLOCKS = 16;

/** Points of the 68 whose mean is one of the five: eye contours, nose tip, mouth corners. */
const FIVE = [[36, 37, 38, 39, 40, 41], [42, 43, 44, 45, 46, 47], [30], [48], [54]];

/**
 * The face detector's weights, read from the packages that publish them: one safetensors file of f16,
 * under the names that src/faces reads, and the notice that their licences ask for.
 */
export async function faceDetectorFiles(): Promise<{ weights: Uint8Array; notice: string }> {
  const sources = { blaze_face: packageOf(BLAZE_FACE), landmarks: packageOf(LANDMARKS) };
  const tensors = new Map<string, Writable>([
    ...blazeFace(sources.blaze_face.folder),
    ...landmarks(sources.landmarks.folder),
  ]);
  const metadata = new Map([
    ["blaze_face", `${sources.blaze_face.name}, Apache-2.0, face_detection_short_range.tflite`],
    ["landmarks", `${sources.landmarks.name}, MIT, face_landmark_68_tiny_model.bin`],
  ]);
  const parts: Uint8Array[] = [];
  for await (const part of writeSafetensors(tensors, metadata, "F16")) parts.push(part.slice());
  return { weights: new Uint8Array(Buffer.concat(parts)), notice: notice(sources) };
}

interface Source {
  readonly folder: string;
  /** "name@version". */
  readonly name: string;
}

function packageOf(name: string): Source {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return {
    folder: dirname(file),
    name: `${name}@${JSON.parse(readFileSync(file, "utf8")).version}`,
  };
}

function blazeFace(folder: string): Map<string, Writable> {
  const file = readTflite(readFileSync(join(folder, "face_detection_short_range.tflite")));
  const take = (name: string) => {
    const found = file.get(name);
    if (!found) throw new Error(`face detector: ${BLAZE_FACE} has no ${name}; it has changed`);
    return { shape: found.shape, values: decodeF16(new Uint16Array(found.bytes.buffer)) };
  };
  const tensors = new Map<string, Writable>();
  const layer = (to: string, names: readonly string[], depthwise: boolean) => {
    const kernels = names.map((name) => take(`${name}/Kernel`));
    // (cOut, k, k, cIn), or (1, k, k, c) of a depthwise convolution: channels before pixels in both
    const weights = kernels.map(({ shape, values }) => transposed(values, shape, [0, 3, 1, 2]));
    const shape = weights[0].shape;
    const cOut = weights.reduce((sum, { shape: [c] }) => sum + c, 0);
    tensors.set(
      `${to}.weight`,
      joined(
        weights.map(({ values }) => values),
        [depthwise ? 1 : cOut, ...shape.slice(1)],
      ),
    );
    const biases = names.map((name) => take(`${name}/Bias`).values);
    tensors.set(`${to}.bias`, joined(biases));
  };
  layer("blaze_face.first", ["conv2d"], false);
  for (let i = 0; i < BLOCKS; i++) {
    layer(`blaze_face.${i}.depthwise`, [`depthwise_conv2d${i ? `_${i}` : ""}`], true);
    layer(`blaze_face.${i}.pointwise`, [`conv2d_${i + 1}`], false);
  }
  // Scores and boxes read the same features: one convolution gives both.
  for (const stride of [8, 16])
    layer(`blaze_face.head${stride}`, [`classificator_${stride}`, `regressor_${stride}`], false);
  return tensors;
}

function landmarks(folder: string): Map<string, Writable> {
  const path = join(folder, "model", "face_landmark_68_tiny_model");
  const file = readTfjs(
    JSON.parse(readFileSync(`${path}-weights_manifest.json`, "utf8")),
    readFileSync(`${path}.bin`),
  );
  const tensors = new Map<string, Writable>();
  for (const [name, { shape, values }] of file) {
    const to = `landmarks.${name.replaceAll("/", ".").replace(/[._]filters?$/, "")}`;
    if (name.startsWith("fc/")) continue;
    // TensorFlow's (k, k, cIn, cOut); depthwise (k, k, c, 1)
    const weight = shape.length === 4 ? transposed(values, shape, [3, 2, 0, 1]) : { shape, values };
    tensors.set(shape.length === 4 ? `${to}.weight` : to, joined([weight.values], weight.shape));
  }
  const { weight, bias } = fivePoints(file);
  tensors.set("landmarks.points.weight", joined([weight], [10, weight.length / 10, 1, 1]));
  tensors.set("landmarks.points.bias", joined([bias]));
  return tensors;
}

/** The last layer is linear: the mean of several points is the mean of their rows. */
function fivePoints(file: ReadonlyMap<string, TfjsTensor>) {
  const { shape, values } = file.get("fc/weights")!;
  const [c, outputs] = shape;
  const bias = file.get("fc/bias")!.values;
  const rows = FIVE.flatMap((points) => [0, 1].map((axis) => points.map((p) => 2 * p + axis)));
  const mean = (row: readonly number[], at: (o: number) => number) =>
    row.reduce((sum, o) => sum + at(o), 0) / row.length;
  return {
    weight: Float32Array.from({ length: rows.length * c }, (_, i) =>
      mean(rows[Math.floor(i / c)], (o) => values[(i % c) * outputs + o]),
    ),
    bias: Float32Array.from(rows, (row) => mean(row, (o) => bias[o])),
  };
}

/** Axis i of the result is axis order[i] of the tensor. */
function transposed(values: Float32Array, shape: Shape, order: readonly number[]) {
  const strides = shape.map((_, axis) => numel(shape.slice(axis + 1)));
  const to = order.map((axis) => shape[axis]);
  const moved = Float32Array.from(values, (_, i) => {
    let [rest, from] = [i, 0];
    for (let axis = to.length - 1; axis >= 0; axis--) {
      from += (rest % to[axis]) * strides[order[axis]];
      rest = Math.floor(rest / to[axis]);
    }
    return values[from];
  });
  return { shape: to, values: moved };
}

function joined(parts: readonly Float32Array[], shape?: Shape): Writable {
  const values = Float32Array.from(parts.flatMap((part) => [...part]));
  return { shape: shape ?? [values.length], folded: 1, read: async () => values };
}

function notice({ blaze_face, landmarks }: Record<"blaze_face" | "landmarks", Source>): string {
  const apache = readFileSync(new URL("../licences/Apache-2.0.txt", import.meta.url), "utf8");
  const mit = readFileSync(join(landmarks.folder, "LICENSE"), "utf8");
  return `face_detector.safetensors holds weights of others, stored in another format:

- "blaze_face": face_detection_short_range.tflite of ${blaze_face.name}, by the MediaPipe authors
  (Google), under the Apache License 2.0; tensors were transposed, and the heads joined.
- "landmarks": face_landmark_68_tiny_model of ${landmarks.name}, under the MIT licence; tensors were
  dequantised to f16 and transposed, and the last layer reduced to five points.

${"=".repeat(78)}
${landmarks.name}

${mit}
${"=".repeat(78)}
${blaze_face.name}
${apache}`;
}
