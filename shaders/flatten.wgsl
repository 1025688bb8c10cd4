// flatten: an image's numbers in natural (c, h, w) order, as the fully connected layers take them.
//
// Shapes   x (n, c, h, w) -> y (n, c h w)
// Threads  one per number of one sample, and of the zeros that fill up its last vec4; grid z = sample
// Source   GPEN face_model/gpen_model.py, FullGenerator.forward (reshape before final_linear)
// Twin     src/kernels/flatten.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  c: u32,
  h: u32,
  w: u32,
  y_stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;       // (n, c, h, w)
@group(0) @binding(2) var<storage, read_write> y: array<f32>;  // (n, c h w)

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.y_stride) { return; }
  if (i >= params.c * params.h * params.w) {
    y[id.z * params.y_stride + i] = 0.0;
    return;
  }
  let ix = i % params.w;
  let iy = i / params.w % params.h;
  let ic = i / (params.w * params.h);
  let c_quads = (params.c + 3u) / 4u;
  let quad = vec4f(x[((id.z * params.h + iy) * c_quads + ic / 4u) * params.w + ix]);
  y[id.z * params.y_stride + i] = quad[ic % 4u];
}
