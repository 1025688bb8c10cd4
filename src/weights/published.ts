import type { Task } from "../restore/task";

/** A file of weights that others have published. None of them is part of this project. */
export interface PublishedModel {
  readonly name: string;
  readonly file: string;
  readonly kind: "generator" | "discriminator";
  readonly task: Task;
  /** Side of input and output in pixels. */
  readonly size: number;
  /** Values that enter: [-1, 1], or [0, 1] for the model that does not normalise. */
  readonly range: "[-1, 1]" | "[0, 1]";
  /** Where it has been seen; not all of them were checked to be there still. */
  readonly places: readonly string[];
  /** Undefined where nobody has published the figure. */
  readonly bytes?: number;
  readonly sha256?: string;
}

/** The notice that goes with every published file. */
export const PUBLISHED_LICENCE =
  "(c) Alibaba, 2021: for academic and non-commercial use only (line of the GPEN README, removed in 2026 without a replacement); trained on FFHQ, CC BY-NC-SA 4.0";

/** The tensors that all published generators agree on. Source: GPEN face_enhancement.py and its ONNX users. */
export function tensorContract(model: PublishedModel): string {
  const { size, range } = model;
  const shape = `float32 (1, 3, ${size}, ${size})`;
  if (model.kind === "discriminator") return `input ${shape} RGB in [-1, 1] -> logits (1, 1)`;
  return `input ${shape} RGB in ${range} -> output ${shape} RGB in ${range}`;
}

const AUTHOR = "https://public-vigen-video.oss-cn-shanghai.aliyuncs.com/robin/models";
const MODELSCOPE =
  "https://modelscope.cn/models/iic/cv_gpen_image-portrait-enhancement-hires/resolve/master";
const FACEFUSION = "https://huggingface.co/facefusion/models-3.0.0/resolve/main";
const NETRUNNER = "https://huggingface.co/netrunner-exe/Face-Upscalers-onnx";
const REACTOR = "https://huggingface.co/datasets/Gourieff/ReActor";
const VISOMASTER = "https://github.com/visomaster/visomaster-assets/releases/tag/v0.1.0";

const restorer = { kind: "generator", task: "restore", range: "[-1, 1]" } as const;

function checkpoint(
  file: string,
  size: number,
  rest: Partial<PublishedModel> = {},
): PublishedModel {
  const places = [`${AUTHOR}/${file}`];
  return { ...restorer, name: file.replace(/\.pth$/, ""), file, size, places, ...rest };
}

function onnx(
  name: string,
  file: string,
  size: number,
  bytes: number,
  sha256: string,
  places: readonly string[],
): PublishedModel {
  return { ...restorer, name, file, size, places, bytes, sha256 };
}

/** Sizes and hashes are those of the git-lfs pointers at the places named, read in November 2026. */
export const PUBLISHED: readonly PublishedModel[] = /* @__PURE__ */ publishedModels();

function publishedModels(): PublishedModel[] {
  return [
    checkpoint("GPEN-BFR-256.pth", 256),
    checkpoint("GPEN-BFR-256-D.pth", 256, { kind: "discriminator" }),
    checkpoint("GPEN-BFR-512.pth", 512, {
      places: [
        `${AUTHOR}/GPEN-BFR-512.pth`,
        "https://huggingface.co/akhaliq/GPEN-BFR-512",
        "https://github.com/vinthony/video-retalking/releases/tag/v0.0.1",
      ],
      bytes: 284_085_738,
      sha256: "f1002c41add95b0decad69604d80455576f7187dd99ca16bd611bcfd44c10b51",
    }),
    checkpoint("GPEN-BFR-512-D.pth", 512, { kind: "discriminator" }),
    checkpoint("GPEN-Colorization-1024.pth", 1024, { task: "colorize" }),
    checkpoint("GPEN-Inpainting-1024.pth", 1024, { task: "inpaint" }),
    checkpoint("GPEN-Seg2face-512.pth", 512, { task: "seg2face", range: "[0, 1]" }),
    checkpoint("pytorch_model.pt", 1024, {
      name: "GPEN-BFR-1024",
      places: [`${MODELSCOPE}/pytorch_model.pt`],
    }),
    checkpoint("pytorch_model-2048.pt", 2048, {
      name: "GPEN-BFR-2048",
      places: [`${MODELSCOPE}/pytorch_model-2048.pt`],
    }),
    onnx(
      "gpen_bfr_256",
      "gpen_bfr_256.onnx",
      256,
      75_792_988,
      "bad8bf0426873828df2dbf4e3b3d9ababba9da7965b8b72426569486f7ae5c25",
      [`${FACEFUSION}/gpen_bfr_256.onnx`],
    ),
    onnx(
      "gpen_bfr_512",
      "gpen_bfr_512.onnx",
      512,
      284_340_240,
      "d5f066b9068a8b74217f9712e28e875a6144629b108a6f7355acbdb3a2832c54",
      [`${FACEFUSION}/gpen_bfr_512.onnx`],
    ),
    onnx(
      "gpen_bfr_1024",
      "gpen_bfr_1024.onnx",
      1024,
      285_203_703,
      "bcd31aa52110a2005efc96abbab4546d57e42482648f08715b552423d96b381b",
      [`${FACEFUSION}/gpen_bfr_1024.onnx`],
    ),
    onnx(
      "gpen_bfr_2048",
      "gpen_bfr_2048.onnx",
      2048,
      285_582_766,
      "66d12a637118d71b00f5a290b8dac13c81c1c0326a127a1978799c6e17bb8d1f",
      [`${FACEFUSION}/gpen_bfr_2048.onnx`],
    ),
    onnx(
      "GPEN-BFR-256-onnx",
      "GPEN-BFR-256.onnx",
      256,
      75_715_262,
      "aa5bd3ab238640a378c59e4a560f7a7150627944cf2129e6311ae4720e833271",
      [NETRUNNER, VISOMASTER],
    ),
    onnx(
      "GPEN-BFR-256-onnx-wav2lip",
      "GPEN-BFR-256.onnx",
      256,
      75_709_987,
      "d458f72960b25cde64e28b47672e73b74d3bc901ad4657115aecd0fa37b2b14e",
      ["https://huggingface.co/cncbec/wav2lip"],
    ),
    onnx(
      "GPEN-BFR-512-onnx",
      "GPEN-BFR-512.onnx",
      512,
      284_250_449,
      "0960f836488735444d508b588e44fb5dfd19c68fde9163ad7878aa24d1d5115e",
      [NETRUNNER, VISOMASTER],
    ),
    onnx(
      "GPEN-BFR-512-onnx-reactor",
      "GPEN-BFR-512.onnx",
      512,
      284_244_491,
      "bf80acb8e91ba8852e3f012505be2c3b6cd6b3eed5ec605e3db87863c4e74d4e",
      [REACTOR],
    ),
    onnx(
      "GPEN-BFR-1024-onnx",
      "GPEN-BFR-1024.onnx",
      1024,
      285_101_993,
      "cec8892093d7b99828acde97bf231fb0964d3fb11b43f3b0951e36ef1e192a3e",
      [REACTOR, VISOMASTER],
    ),
    onnx(
      "GPEN-BFR-2048-onnx",
      "GPEN-BFR-2048.onnx",
      2048,
      285_469_146,
      "d0229ff43f979c360bd19daa9cd0ce893722d59f41a41822b9223ebbe4f89b3e",
      [REACTOR],
    ),
    onnx(
      "GPEN-BFR-256-fp16",
      "GPEN-BFR-256.fp16.onnx",
      256,
      38_032_188,
      "30cdded7d14c4dff777856e3a32251849e2e46efeee2650ced2ef5b7d8116a2a",
      [NETRUNNER],
    ),
    onnx(
      "GPEN-BFR-512-fp16",
      "GPEN-BFR-512.fp16.onnx",
      512,
      142_326_565,
      "ada7124b1facfcbbca115fed486e40f57e0b8e300f17a3ea9900b369674242cc",
      [NETRUNNER],
    ),
  ];
}
