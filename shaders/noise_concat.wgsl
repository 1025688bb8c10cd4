// noise_concat: y = concat(x, act(noise * e + bias)), the output of a styled convolution as the paper has it.
//
// Shapes   x (n, c_x, h, w), e (n, c_e, h, w) -> y (n, c_x + c_e, h, w)
// Threads  one per pixel of one output quad; x fastest, then rows, quads, samples
// Why      the network never runs this: consumers read both halves. It shows the concatenation to
//          whoever asks for intermediates, channel by channel because halves need not be whole quads.
// Source   GPEN face_model/gpen_model.py, NoiseInjection(isconcat=True) + FusedLeakyReLU
// Twin     src/kernels/noise_concat.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  c_x: u32,
  c_e: u32,
  h: u32,
  w: u32,
  x_base: u32,
  e_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;              // (n, c_x, h, w)
@group(0) @binding(2) var<storage, read> e: array<Quad>;              // (n, c_e, h, w)
@group(0) @binding(3) var<storage, read> e_activation: array<vec4f>;  // [noise weight, 0, 0, 0, bias (c_e)]
@group(0) @binding(4) var<storage, read_write> y: array<Quad>;        // (n, c_x + c_e, h, w)

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

fn quads(c: u32) -> u32 { return (c + 3u) / 4u; }

fn channel(c: u32, row: u32, ox: u32) -> f32 {
  if (c < params.c_x) {
    let at = (row * quads(params.c_x) + c / 4u) * params.w + ox - params.x_base;
    return vec4f(x[at])[c % 4u];
  }
  let k = c - params.c_x;
  if (k >= params.c_e) { return 0.0; }
  let at = (row * quads(params.c_e) + k / 4u) * params.w + ox - params.e_base;
  let v = fma(vec4f(e[at])[k % 4u], e_activation[0].x, e_activation[1u + k / 4u][k % 4u]);
  return GAIN * max(v, SLOPE * v);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let c_quads = quads(params.c_x + params.c_e);
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let q = thread / (params.w * params.rows) % c_quads;
  let n = thread / (params.w * params.rows * c_quads) + params.n_first;
  let row = n * params.h + oy;
  let v = vec4f(channel(4u * q, row, ox), channel(4u * q + 1u, row, ox),
    channel(4u * q + 2u, row, ox), channel(4u * q + 3u, row, ox));
  y[(row * c_quads + q) * params.w + ox - params.y_base] = Quad(v);
}
