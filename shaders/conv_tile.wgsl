// conv_tile: y = act(d * conv(concat(x, act(noise * e + bias)) * s, w) + b), K x K, of stride 1 or 2, 3x3 transposed.
//
// Shapes   x (n or 1, c_x, h_in, w_in), e (n, c_e, h_in, w_in) or nothing, s and d slices of all layers'
//          vectors or nothing, w (c_out, c_x + c_e, K, K), b (c_out) or nothing -> y (n, splits c_out, h, w)
// Threads  one per RUN pixels below one another of QUADS output quads. A workgroup owns COLUMNS x RUNS * RUN
//          pixels of BLOCK quads; grid: phases, tiles in x, tiles in y; blocks of quads, splits; samples.
// Barrier  the first keeps a chunk until all have multiplied by it, the second until all of it is stored
// Why      a staged pixel serves nine taps and BLOCK quads, a staged weight every pixel of the tile. GPUs bring
//          1 byte of workgroup memory per multiply-add (H200: 128 of each per clock and SM). A window of RUN + 2
//          serves three taps: RUN 8, QUADS 1 reads (10 + 12) * 16 / 384 = 0.9; 8, 2: 0.7; 4, 2: 1.25. Runs go
//          down, so that neighbouring threads read neighbouring vec4s. Transposed, a workgroup has one of four
//          phases: y[2m] = x[m] w[0] + x[m-1] w[2], y[2m+1] = x[m] w[1], columns likewise.
// Source   GPEN face_model/gpen_model.py, EqualConv2d, ModulatedConv2d + NoiseInjection + FusedLeakyReLU
// Twin     src/kernels/conv_tile.ts

// prelude
alias Quad = vec4f;
const COLUMNS = 8u;
const RUNS = 1u;
const RUN = 8u;
const QUADS = 1u;
const K = 3u;
const STRIDE = 1u;
const STEP = 1u;     // 2 for the transposed convolution, whose outputs form STEP x STEP phases
const CHUNK = 1u;    // input quads between barriers
const X_LOADS = 1u;  // pixels that a thread stages per input quad
const W_LOADS = 5u;  // vec4s of weights likewise
// end of prelude

struct Params {
  tiles_x: u32,
  row_first: u32,
  rows: u32,        // of the band
  n_first: u32,
  c_out_quads: u32,
  blocks: u32,
  splits: u32,
  split_quads: u32, // input quads of a split
  x_quads: u32,
  e_quads: u32,
  h_in: u32,
  w_in: u32,
  x_rows_per_sample: u32,
  h: u32,
  w: u32,
  pad: u32,
  s_first: u32,
  s_stride: u32,
  d_first: u32,
  d_stride: u32,
  x_base: u32,
  e_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;             // (n or 1, c_x, h_in, w_in)
@group(0) @binding(2) var<storage, read> e: array<Quad>;             // (n, c_e, h_in, w_in)
@group(0) @binding(3) var<storage, read> e_activation: array<vec4f>; // [noise weight, 0, 0, 0, bias (c_e)]
@group(0) @binding(4) var<storage, read> w: array<Quad>;             // (c_out, c_x + c_e, K, K)
@group(0) @binding(5) var<storage, read> s: array<vec4f>;            // (n, styles of all layers)
@group(0) @binding(6) var<storage, read> d: array<vec4f>;            // (n, demodulation of all layers)
@group(0) @binding(7) var<storage, read> b: array<vec4f>;            // (c_out)
@group(0) @binding(8) var<storage, read_write> y: array<Quad>;       // (n, splits c_out, h, w)

override MODULATE: bool = true;
override BIAS: bool = true;
override ACTIVATE: bool = true;

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes
const THREADS = 128u;
const TAPS = K + 1u - STEP;  // per axis: K, or the 2 of an even phase
const SLOTS = TAPS * TAPS * 4u;
const BLOCK = THREADS / (COLUMNS * RUNS) * QUADS;
const COUNT = QUADS * RUN;
const WINDOW = RUN * STRIDE + TAPS - STRIDE;
// Columns of the patch lie STRIDE apart: with stride 2 all even ones, then all odd ones.
const HALF = COLUMNS + (TAPS - 1u) / STRIDE;
const PITCH = HALF * STRIDE;
const PATCH = PITCH * ((RUNS * RUN - 1u) * STRIDE + TAPS);
const X_QUAD = X_LOADS * THREADS;
const W_QUAD = W_LOADS * THREADS;
const_assert X_QUAD >= PATCH && W_QUAD >= BLOCK * SLOTS;
var<workgroup> sh_x: array<vec4f, CHUNK * X_LOADS * THREADS>;
var<workgroup> sh_w: array<vec4f, CHUNK * W_LOADS * THREADS>;

// Input quad iq at a pixel, activated and scaled. Zero padding comes after the activation.
fn load_x(n: u32, iq: u32, at: vec2u) -> vec4f {
  if (at.y >= params.h_in || at.x >= params.w_in || iq >= params.x_quads + params.e_quads) { return vec4f(0); }
  var v: vec4f;
  if (iq < params.x_quads) {
    v = vec4f(x[((n * params.x_rows_per_sample + at.y) * params.x_quads + iq) * params.w_in + at.x - params.x_base]);
  } else {
    let eq = iq - params.x_quads;
    v = vec4f(e[((n * params.h_in + at.y) * params.e_quads + eq) * params.w_in + at.x - params.e_base]);
    v = fma(v, vec4f(e_activation[0].x), e_activation[1u + eq]);
    v = GAIN * max(v, SLOPE * v);
  }
  if (MODULATE) { v *= s[n * params.s_stride + params.s_first + iq]; }
  return v;
}

@compute @workgroup_size(128, 1, 1)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let phase = vec2u(group.x % STEP, group.x / STEP % STEP);
  let taps = TAPS - phase;
  let tile = group.x / (STEP * STEP);
  let n = group.z + params.n_first;
  let first_quad = group.y % params.blocks * BLOCK;
  let split = group.y / params.blocks;
  let c_in_quads = params.x_quads + params.e_quads;
  // From the band's first row of this phase on, every STEP-th one.
  let tile_y = params.row_first + (params.row_first ^ phase.y) % STEP + tile / params.tiles_x * (RUNS * RUN * STEP);
  let tile_x = tile % params.tiles_x * COLUMNS;
  // Unsigned wrap-around turns rows and columns left of the image into huge ones, which are outside too.
  let corner = vec2u(tile_x, tile_y / STEP) * STRIDE - select(vec2u(params.pad), taps - 1u, STEP == 2u);
  // Where it reads is made of the invocation's index and literals alone: provably inside, and not clamped.
  let column = lane % COLUMNS;
  let run = lane / COLUMNS % RUNS * RUN;
  let quad = lane / (COLUMNS * RUNS) * QUADS;
  let x_at = run * STRIDE * PITCH + column;

  var acc: array<vec4f, COUNT>;
  let end = min(c_in_quads, (split + 1u) * params.split_quads);
  for (var first = split * params.split_quads; first < end; first += CHUNK) {
    var staged_x: array<vec4f, CHUNK * X_LOADS>;
    for (var i = 0u; i < CHUNK * X_LOADS; i++) { // unroll
      let at = i % X_LOADS * THREADS + lane;
      let c = at % PITCH;
      staged_x[i] = load_x(n, first + i / X_LOADS, corner + vec2u(c % HALF * STRIDE + c / HALF, at / PITCH));
    }
    var staged_w: array<vec4f, CHUNK * W_LOADS>;
    for (var i = 0u; i < CHUNK * W_LOADS; i++) { // unroll
      let at = i % W_LOADS * THREADS + lane;
      // Beyond the last quads any weight will do: the input there is zero, or the output not stored.
      let oq = min(first_quad + at / SLOTS, params.c_out_quads - 1u);
      let iq = min(first + i / W_LOADS, c_in_quads - 1u);
      // Transposed, slot j reads j pixels further right and down, which is tap 2 (taps - 1 - j) of an even phase.
      let slot = vec2u(at / 4u, at / (TAPS * 4u)) % TAPS;
      let k = select(slot, phase + 2u * (taps - 1u - slot), STEP == 2u);
      let tap = min(k.y * K + k.x, K * K - 1u);  // an odd phase has fewer taps than slots, which are not read
      staged_w[i] = vec4f(w[((oq * c_in_quads + iq) * K * K + tap) * 4u + at % 4u]);
    }
    workgroupBarrier();
    for (var i = 0u; i < CHUNK * X_LOADS; i++) { // unroll
      sh_x[i * THREADS + lane] = staged_x[i];
    }
    for (var i = 0u; i < CHUNK * W_LOADS; i++) { // unroll
      sh_w[i * THREADS + lane] = staged_w[i];
    }
    workgroupBarrier();
    for (var k = 0u; k < CHUNK; k++) {
      for (var sx = 0u; sx < TAPS; sx++) {
        if (sx < taps.x) {
          var window: array<vec4f, WINDOW>;
          for (var i = 0u; i < WINDOW; i++) { // unroll
            window[i] = sh_x[k * X_QUAD + x_at + i * PITCH + sx % STRIDE * HALF + sx / STRIDE];
          }
          for (var sy = 0u; sy < TAPS; sy++) { // unroll
            if (sy < taps.y) {
              for (var q = 0u; q < QUADS; q++) { // unroll
                let slot = k * W_QUAD + (quad + q) * SLOTS + (sy * TAPS + sx) * 4u;
                let w0 = sh_w[slot];
                let w1 = sh_w[slot + 1u];
                let w2 = sh_w[slot + 2u];
                let w3 = sh_w[slot + 3u];
                for (var p = 0u; p < RUN; p++) { // unroll
                  let v = window[p * STRIDE + sy];
                  acc[q * RUN + p] = fma(vec4f(v.x), w0, fma(vec4f(v.y), w1,
                    fma(vec4f(v.z), w2, fma(vec4f(v.w), w3, acc[q * RUN + p]))));
                }
              }
            }
          }
        }
      }
    }
  }

  let ox = (tile_x + column) * STEP + phase.x;
  for (var q = 0u; q < QUADS; q++) { // unroll
    let oq = first_quad + quad + q;
    if (oq < params.c_out_quads && ox < params.w) {
      let demodulation = d[n * params.d_stride + params.d_first + oq];
      let bias = b[oq];
      for (var p = 0u; p < RUN; p++) { // unroll
        let oy = tile_y + (run + p) * STEP;
        var v = acc[q * RUN + p];
        if (MODULATE) { v *= demodulation; }
        if (BIAS) { v += bias; }
        if (ACTIVATE) { v = GAIN * max(v, SLOPE * v); }
        if (oy < params.row_first + params.rows) {
          let row = ((n * params.h + oy) * params.splits + split) * params.c_out_quads + oq;
          y[row * params.w + ox - params.y_base] = Quad(v);
        }
      }
    }
  }
}
