import { canRun, loadGpen, openGpu } from "gpen-webgpu";
import { fetchWeights } from "gpen-webgpu/download";
import { onnx } from "gpen-webgpu/importers";

const gpu = await openGpu();
const { ok, reason, bytes } = await canRun(512, { on: gpu });
if (!ok) throw new Error(reason);
console.log(`${(bytes.file.f32 / 1e6).toFixed(0)} MB to download, once`);

const weights = await fetchWeights("/models/gpen_bfr_512.onnx", {
  sha256: "d5f066b9068a8b74217f9712e28e875a6144629b108a6f7355acbdb3a2832c54",
  onProgress: (done, of) => console.log(done, of),
});
const model = await loadGpen(gpu, weights, { formats: [onnx] });
console.log(model.config, model.memory.weightBytes);
