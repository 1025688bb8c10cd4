/** First bytes of an ONNX ModelProto: the tag of any of its fields (onnx.proto, ModelProto). */
const ONNX_TAGS = new Set([0x08, 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72, 0xa2, 0xca]);

/** The pickled magic number of torch.save's older container (torch/serialization.py). */
const LEGACY = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20";

export function isOnnx(first: Uint8Array): boolean {
  return ONNX_TAGS.has(first[0]);
}

export function isPytorch(first: Uint8Array): boolean {
  const text = String.fromCharCode(...first);
  return text.startsWith("PK") || text.startsWith(LEGACY);
}
