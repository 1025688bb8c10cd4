// rgba8_to_texture: draws packed pixels over a whole texture, of a canvas or of the caller's.
//
// Shapes   pixels (h, w) -> target (h, w)
// Threads  three vertices, which make one triangle that covers everything; a fragment per pixel
// Source   ours; copies from buffers need rows of 256 bytes, and the target's own channel order
// Twin     src/gpu/textures.ts

@group(0) @binding(0) var<storage, read> pixels: array<u32>;  // (h, w)

override WIDTH = 1u;
// Stores to an -srgb format encode what they are given as linear light; pixels are encoded already.
override LINEAR = false;

fn decoded(v: vec3f) -> vec3f {
  return select(pow((v + 0.055) / 1.055, vec3f(2.4)), v / 12.92, v <= vec3f(0.04045));
}

@vertex
fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i & 1u) * 4.0 - 1.0, f32(i >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn main(@builtin(position) at: vec4f) -> @location(0) vec4f {
  var v = unpack4x8unorm(pixels[u32(at.y) * WIDTH + u32(at.x)]);
  if (LINEAR) { v = vec4f(decoded(v.rgb), v.a); }
  return v;
}
