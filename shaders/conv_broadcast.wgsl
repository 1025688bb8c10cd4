// conv_broadcast: y = act(d * conv(x, w) + b) or act(d * conv_transpose(x, w) + b), for adapters with subgroups.
//
// Shapes   x (n, c_in, h_in, w_in), w (c_out, c_in, K, K), d a slice of all layers' factors, b (c_out)
//          -> y (n, c_out, h, w)
// Threads  one per RUN pixels, `columns` apart, of LOADS * LOADED output quads. A subgroup's threads hold
//          neighbouring pixels of the same quads. Subgroups: chunks of pixels fastest, then blocks of
//          quads; phases of the transposed convolution and samples along z.
// Why      each of 4 LOADED neighbouring threads loads another vec4 of the weights and all receive it by
//          broadcast, so that one load serves as many times more multiply-adds (llvmpipe, GPEN-256: an
//          image in 2.7 s instead of 6.0). By phases, one input pixel of a transposed 3x3 costs 9 multiply-adds,
//          not 36: even rows see taps 0 and 2, odd ones tap 1; columns likewise.
// Source   GPEN face_model/gpen_model.py, EqualConv2d and ModulatedConv2d
// Twin     src/kernels/conv_broadcast.ts

enable subgroups;

// prelude
alias Quad = vec4f;
const LOADED = 1u;
const LOADS = 2u;
const RUN = 2u;
// end of prelude

struct Params {
  lanes: u32,       // of a subgroup
  chunks: u32,      // subgroups that cover a phase's pixels
  columns: u32,     // threads that cover a row of a phase
  rows: u32,        // of the band
  row_first: u32,
  n_first: u32,
  c_out_quads: u32,
  c_in_quads: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  taps: u32,        // K
  step: u32,        // 2 for the transposed convolution, whose outputs form step x step phases
  stride: u32,
  pad: u32,
  d_first: u32,
  d_stride: u32,
  flags: u32,       // 1: demodulate, 2: add the bias, 4: activate
  outputs: u32,     // of a thread; a uniform, so that drivers do not expand the loop
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c_in, h_in, w_in)
@group(0) @binding(2) var<storage, read> w: array<Quad>;        // (c_out, c_in, K, K)
@group(0) @binding(3) var<storage, read> d: array<vec4f>;       // (n, demodulation of all layers)
@group(0) @binding(4) var<storage, read> b: array<vec4f>;       // (c_out)
@group(0) @binding(5) var<storage, read_write> y: array<Quad>;  // (n, c_out, h, w)

const QUADS = LOADS * LOADED;
const COUNT = QUADS * RUN;
const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

@compute @workgroup_size(64, 1, 1)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
) {
  // No thread returns early: those beyond the image take part in the broadcasts.
  let step = params.step;
  let phase = group.z % (step * step);
  let n = group.z / (step * step) + params.n_first;
  let py = phase / step;
  let px = phase % step;
  let lane = id.x % params.lanes;
  let chunk = id.x / params.lanes;
  let pixel = chunk % params.chunks * params.lanes + lane;
  let oy = params.row_first + (params.row_first ^ py) % step + pixel / params.columns * step;
  let column = pixel % params.columns;
  let iy_first = oy / step * params.stride - params.pad;
  // Transposed, tap j of a phase reads j pixels further left and up, and is tap p + 2 j of w.
  let turn = select(1u, 0xffffffffu, step == 2u);
  let taps_y = (params.taps + step - 1u - py) / step;
  let taps_x = (params.taps + step - 1u - px) / step;
  let count = taps_y * taps_x * params.c_in_quads;
  let first_quad = chunk / params.chunks * QUADS;
  let lane_quad = first_quad + lane / 4u % LOADED;

  var acc: array<vec4f, COUNT>;
  var iq = 0u;
  var jy = 0u;
  var jx = 0u;
  // One loop over channels and taps: where loops are executed under a mask, each costs one round more.
  for (var i = 0u; i < count; i++) {
    let tap = (py + jy * step) * params.taps + px + jx * step;
    // Unsigned wrap-around turns rows and columns left of the image into huge ones: both are outside.
    let iy = iy_first + jy * turn;
    let ix_first = column * params.stride - params.pad + jx * turn;
    let row = ((n * params.h_in + iy) * params.c_in_quads + iq) * params.w_in - params.x_base;
    var v: array<vec4f, RUN>;
    for (var p = 0u; p < RUN; p++) { // unroll
      let ix = ix_first + p * params.columns * params.stride;
      let inside = iy < params.h_in && ix < params.w_in;
      v[p] = select(vec4f(0), vec4f(x[select(0u, row + ix, inside)]), inside);
    }
    for (var l = 0u; l < LOADS; l++) { // unroll
      let quad = min(lane_quad + l * LOADED, params.c_out_quads - 1u);
      let mine = vec4f(w[((quad * params.c_in_quads + iq) * params.taps * params.taps + tap) * 4u + lane % 4u]);
      for (var q = 0u; q < LOADED; q++) { // unroll
        let w0 = subgroupBroadcast(mine, q * 4u);
        let w1 = subgroupBroadcast(mine, q * 4u + 1u);
        let w2 = subgroupBroadcast(mine, q * 4u + 2u);
        let w3 = subgroupBroadcast(mine, q * 4u + 3u);
        for (var p = 0u; p < RUN; p++) { // unroll
          acc[(l * LOADED + q) * RUN + p] = fma(vec4f(v[p].x), w0, fma(vec4f(v[p].y), w1,
            fma(vec4f(v[p].z), w2, fma(vec4f(v[p].w), w3, acc[(l * LOADED + q) * RUN + p]))));
        }
      }
    }
    jx += 1u;
    jy += u32(jx == taps_x);
    jx = select(jx, 0u, jx == taps_x);
    iq += u32(jy == taps_y);
    jy = select(jy, 0u, jy == taps_y);
  }

  // One place that loads and stores, as each takes a driver that compiles for CPUs 20 ms.
  let factors = (params.flags & 1u) != 0u;
  let biases = (params.flags & 2u) != 0u;
  for (var i = 0u; i < params.outputs; i++) {
    var sum = acc[0];
    for (var k = 0u; k < COUNT; k++) { // unroll
      sum = select(sum, acc[k], i == k);
    }
    let oq = first_quad + i / RUN;
    let ox = px + (column + i % RUN * params.columns) * step;
    if (oq < params.c_out_quads && oy < params.row_first + params.rows && ox < params.w) {
      let factor = select(vec4f(1), d[select(0u, n * params.d_stride + params.d_first + oq, factors)], factors);
      let bias = select(vec4f(0), b[select(0u, oq, biases)], biases);
      var v = fma(factor, sum, bias);
      v = select(v, GAIN * max(v, SLOPE * v), (params.flags & 4u) != 0u);
      y[((n * params.h + oy) * params.c_out_quads + oq) * params.w - params.y_base + ox] = Quad(v);
    }
  }
}
