// node cold_ours.mjs MODEL.safetensors f32|f16: opens the GPU, loads a model and restores one picture
// with the built package, in a fresh process. The line of JSON is that of cold.mjs.
// Its one line, for the process that waits; Node would end with its own version.
process.once("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});
const [weights, precision] = process.argv.slice(2);
const begin = performance.now();
const { loadGpen, restore } = await import(new URL("../../dist/index.js", import.meta.url).href);
const { openFileSource, openNodeGpu } = await import(
  new URL("../../dist/node.js", import.meta.url).href
);
const imported = performance.now();
const gpu = await openNodeGpu();
const opened = performance.now();
const source = await openFileSource(weights);
const model = await loadGpen(gpu, source, { precision });
const loaded = performance.now();
const side = model.config.inSize;
const data = Uint8Array.from({ length: 4 * side * side }, (_, i) => 128 + 127 * Math.sin(i));
const { pixels } = await restore(model, { data, width: side, height: side });
const end = performance.now();
const phases = {
  import_ms: imported - begin,
  open_ms: opened - imported,
  load_ms: loaded - opened,
  first_ms: end - loaded,
};
process.stdout.write(`${JSON.stringify({ ms: end, phases, values: pixels.data.length })}\n`);
model.dispose();
gpu.dispose();
await source.close();
