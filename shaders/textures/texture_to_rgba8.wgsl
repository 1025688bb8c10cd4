// texture_to_rgba8: pixels of a texture, packed as buffers hold them.
//
// Shapes   photo (h, w) -> y (h, w)
// Threads  one per pixel; workgroup 8 x 8
// Source   ours; textures cannot be bound as buffers
// Twin     src/gpu/textures.ts

@group(0) @binding(0) var photo: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;  // (h, w)

// Loads from an -srgb format give linear light; models take the stored levels.
override LINEAR = false;
// Premultiplied pixels, of pictures that a page would show over white.
override WHITE = false;

fn encoded(v: vec3f) -> vec3f {
  return select(1.055 * pow(v, vec3f(1.0 / 2.4)) - 0.055, 12.92 * v, v <= vec3f(0.0031308));
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(photo);
  if (id.x >= size.x || id.y >= size.y) { return; }
  var v = textureLoad(photo, id.xy, 0);
  if (LINEAR) { v = vec4f(encoded(v.rgb), v.a); }
  if (WHITE) { v += 1.0 - v.a; }
  y[id.y * size.x + id.x] = pack4x8unorm(v);
}
