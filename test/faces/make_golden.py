"""Makes golden.json: what the published networks give for a picture made of integers.

python3 test/faces/make_golden.py    (needs numpy, and the two packages in node_modules)

Reads the .tflite by itself and runs its operators in their order; nothing is shared with src or build.
"""

import json
import struct

import numpy as np

BLAZE_FACE = "node_modules/@mediapipe/face_detection/face_detection_short_range.tflite"
LANDMARKS = "node_modules/@vladmandic/face-api/model/face_landmark_68_tiny_model"
ADD, CONV, DEPTHWISE, DEQUANTIZE, MAX_POOL, RELU, PAD = 0, 3, 4, 6, 17, 19, 34


def picture(side):
    y, x, c = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    return ((7 * x + 13 * y + 31 * c + (x * y) % 11 * 9) % 256).astype(np.float32)


class Table:
    def __init__(self, data, at):
        self.data, self.at = data, at

    def field(self, index):
        vtable = self.at - struct.unpack_from("<i", self.data, self.at)[0]
        offset = 0
        if 4 + 2 * index < struct.unpack_from("<H", self.data, vtable)[0]:
            offset = struct.unpack_from("<H", self.data, vtable + 4 + 2 * index)[0]
        return self.at + offset if offset else 0

    def number(self, index, kind, default=0):
        at = self.field(index)
        return struct.unpack_from("<" + kind, self.data, at)[0] if at else default

    def to(self, at):
        return at + struct.unpack_from("<I", self.data, at)[0]

    def vector(self, index, kind):
        at = self.field(index)
        if not at:
            return np.zeros(0, kind)
        start = self.to(at)
        return np.frombuffer(self.data, kind, struct.unpack_from("<I", self.data, start)[0], start + 4)

    def table(self, index):
        return Table(self.data, self.to(self.field(index)))

    def tables(self, index):
        start = self.to(self.field(index))
        count = struct.unpack_from("<I", self.data, start)[0]
        return [Table(self.data, self.to(start + 4 + 4 * i)) for i in range(count)]


def padded(x, k, stride):
    """TensorFlow's SAME: outputs are ceil(side / stride), the odd zero comes last."""
    pads = [(0, 0)]
    for side in x.shape[1:3]:
        total = max((-(-side // stride) - 1) * stride + k - side, 0)
        pads.append((total // 2, total - total // 2))
    return np.pad(x, [*pads, (0, 0)])


def taps(x, k, stride):
    h, w = (-(-side // stride) for side in x.shape[1:3])
    x = padded(x, k, stride)
    for ky in range(k):
        for kx in range(k):
            part = x[:, ky : ky + (h - 1) * stride + 1 : stride, kx : kx + (w - 1) * stride + 1 : stride]
            yield ky, kx, part


def conv(x, w, b, stride):
    return sum(part @ w[:, ky, kx].T for ky, kx, part in taps(x, w.shape[1], stride)) + b


def depthwise(x, w, b, stride):
    return sum(part * w[0, ky, kx] for ky, kx, part in taps(x, w.shape[1], stride)) + b


def blaze_face(x):
    data = open(BLAZE_FACE, "rb").read()
    model = Table(data, struct.unpack_from("<I", data, 0)[0])
    codes = [max(code.number(0, "b"), code.number(3, "i")) for code in model.tables(1)]
    buffers = model.tables(4)
    graph = model.tables(2)[0]
    tensors = graph.tables(0)
    stored = lambda i, kind: buffers[tensors[i].number(2, "I")].vector(0, "u1").view(kind)
    name = lambda i: bytes(tensors[i].vector(3, "u1")).decode()
    values = {graph.vector(1, "<i4")[0]: x}
    heads = {}
    for op in graph.tables(3):
        code, reads, writes = codes[op.number(0, "I")], op.vector(1, "<i4"), op.vector(2, "<i4")[0]
        read = [values.get(i) for i in reads]
        if code == DEQUANTIZE:
            y = stored(reads[0], "<f2").astype(np.float32).reshape(tensors[reads[0]].vector(0, "<i4"))
        elif code == CONV:
            y = conv(*read, op.table(4).number(1, "i"))
        elif code == DEPTHWISE:
            y = depthwise(*read, op.table(4).number(1, "i"))
        elif code == MAX_POOL:
            n, h, w, c = read[0].shape
            y = read[0].reshape(n, h // 2, 2, w // 2, 2, c).max((2, 4))
        elif code == RELU:
            y = np.maximum(read[0], 0)
        elif code == PAD:
            y = np.pad(read[0], stored(reads[1], "<i4").reshape(-1, 2))
        elif code == ADD:
            y = read[0] + read[1]
        else:
            continue  # reshapes and concatenations of the heads
        values[writes] = y
        if code == CONV and name(writes).startswith(("classificator", "regressor")):
            heads[name(writes)] = y[0].transpose(2, 0, 1)
    return {s: np.concatenate([heads[f"classificator_{s}"], heads[f"regressor_{s}"]]) for s in (8, 16)}


def landmarks(x):
    manifest = json.load(open(LANDMARKS + "-weights_manifest.json"))
    data = np.fromfile(LANDMARKS + ".bin", np.uint8)
    w, at = {}, 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        count = int(np.prod(entry["shape"]))
        scale, least = entry["quantization"]["scale"], entry["quantization"]["min"]
        w[entry["name"]] = (data[at : at + count] * scale + least).reshape(entry["shape"])
        at += count

    def separable(x, name, stride):
        spread = depthwise(x, w[name + "/depthwise_filter"].transpose(3, 0, 1, 2), 0, stride)
        return spread @ w[name + "/pointwise_filter"][0, 0] + w[name + "/bias"]

    relu = lambda a: np.maximum(a, 0)
    x = (x - np.array([122.782, 117.001, 104.298])) / 255
    for i in range(3):
        name = f"dense{i}/conv"
        if i == 0:
            first = conv(x, w[name + "0/filters"].transpose(3, 0, 1, 2), w[name + "0/bias"], 2)
        else:
            first = separable(x, name + "0", 2)
        first = relu(first)
        second = separable(first, name + "1", 1)
        third = separable(relu(first + second), name + "2", 1)
        x = relu(first + second + third)
    points = (x.mean((1, 2)) @ w["fc/weights"] + w["fc/bias"]).reshape(68, 2)
    return np.stack([points[36:42].mean(0), points[42:48].mean(0), *points[[30, 48, 54]]]).ravel()


heads = blaze_face(picture(32)[None] / 127.5 - 1)
golden = {"head8": heads[8], "head16": heads[16], "points": landmarks(picture(112)[None])}
text = {name: [float(f"{v:.6g}") for v in values.ravel()] for name, values in golden.items()}
json.dump(text, open("test/faces/golden.json", "w"))
print({name: (values.shape, float(np.abs(values).max())) for name, values in golden.items()})
