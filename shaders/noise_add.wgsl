// noise_add: y = act(x + noise * e + bias), the ablation of GPEN that adds encoder features.
//
// Shapes   x (n, c, h, w), e (n, c, h, w) -> y (n, c, h, w)
// Threads  one per pixel of one quad; x fastest, then rows, quads, samples
// Source   GPEN face_model/gpen_model.py, NoiseInjection(isconcat=False) + FusedLeakyReLU
// Twin     src/kernels/noise_add.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  c_quads: u32,
  h: u32,
  w: u32,
  x_base: u32,
  e_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;              // (n, c, h, w)
@group(0) @binding(2) var<storage, read> e: array<Quad>;              // (n, c, h, w)
@group(0) @binding(3) var<storage, read> e_activation: array<vec4f>;  // [noise weight, 0, 0, 0, bias (c)]
@group(0) @binding(4) var<storage, read_write> y: array<Quad>;        // (n, c, h, w)

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let q = thread / (params.w * params.rows) % params.c_quads;
  let n = thread / (params.w * params.rows * params.c_quads) + params.n_first;
  let at = ((n * params.h + oy) * params.c_quads + q) * params.w + ox;
  let v = vec4f(x[at - params.x_base])
    + fma(vec4f(e[at - params.e_base]), vec4f(e_activation[0].x), e_activation[1u + q]);
  y[at - params.y_base] = Quad(GAIN * max(v, SLOPE * v));
}
