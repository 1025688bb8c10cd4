// node cold.mjs MODEL.onnx webgpu|cpu: a session and one picture in onnxruntime, in a fresh process.
//
// Prints one line of JSON when the picture is there: milliseconds since the process began, and of
// what was done in them. Plain JavaScript, so that no compiler's start is measured.
import { createRequire } from "node:module";

// Its one line, for the process that waits; Node would end with its own version.
process.once("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});
const [model, provider] = process.argv.slice(2);
const begin = performance.now();
const ort = createRequire(import.meta.url)("onnxruntime-node");
const imported = performance.now();
const session = await ort.InferenceSession.create(model, {
  executionProviders: [provider],
  logSeverityLevel: 3,
});
const loaded = performance.now();
const { shape } = session.inputMetadata[0];
const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i));
const { output } = await session.run({ input: new ort.Tensor("float32", values, shape) });
const end = performance.now();
const phases = { import_ms: imported - begin, load_ms: loaded - imported, first_ms: end - loaded };
process.stdout.write(`${JSON.stringify({ ms: end, phases, values: output.data.length })}\n`);
await session.release();
