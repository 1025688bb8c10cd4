// winograd_input: y = B^T t B for each 6x6 patch t of concat(x, act(noise * e + bias)) * s, or of x alone.
//
// Shapes   x (n or 1, c_x, h, w), e (n, c_e, h, w) or nothing, s a slice of all layers' styles or nothing
//          -> y (n, 36 * (c_x + c_e), tile rows, tile columns), position outermost; c_x and c_e in whole quads
// Threads  one per tile of 4x4 outputs and input quad; tiles fastest, then quads, samples
// Why      every number is loaded and stored once, each in the text of a loop that shifts the patch
//          by a row or a column: lavapipe compiles 20 ms for each load or store, and none for moves
// Source   Lavin and Gray, arXiv 1509.09308, with the points 0, +-1/sqrt(2), +-sqrt(2), which round least in f32
// Twin     src/kernels/winograd_input.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  rows: u32,        // of tiles, of the band
  row_first: u32,
  n_first: u32,
  columns: u32,     // tiles side by side
  tile_rows: u32,
  x_quads: u32,
  e_quads: u32,
  h: u32,
  w: u32,
  x_rows_per_sample: u32,
  s_first: u32,
  s_stride: u32,    // 0: there is no style
  x_base: u32,
  e_base: u32,
  y_base: u32,
  side: u32,        // 6, of a patch; not a constant, as drivers would expand the loops
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;             // (n or 1, c_x, h, w)
@group(0) @binding(2) var<storage, read> e: array<Quad>;             // (n, c_e, h, w)
@group(0) @binding(3) var<storage, read> e_activation: array<vec4f>; // [noise weight, 0, 0, 0, bias (c_e)]
@group(0) @binding(4) var<storage, read> s: array<vec4f>;            // (n, styles of all layers)
@group(0) @binding(5) var<storage, read_write> y: array<Quad>;       // (n, 36 (c_x + c_e), tile rows, columns)

override CONCAT: bool = true;

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes
const A = 0.70710678f;    // the points are 0, A, -A, B, -B and infinity; A B = 1, A^2 + B^2 = 2.5
const B = 1.4142135f;

// B^T times a row or a column.
fn transform(t: array<vec4f, 6>) -> array<vec4f, 6> {
  let a_even = fma(vec4f(-2f), t[2], t[4]);
  let a_odd = A * fma(vec4f(-2f), t[1], t[3]);
  let b_even = fma(vec4f(-0.5f), t[2], t[4]);
  let b_odd = B * fma(vec4f(-0.5f), t[1], t[3]);
  return array<vec4f, 6>(
    fma(vec4f(-2.5f), t[2], t[0] + t[4]), a_even + a_odd, a_even - a_odd,
    b_even + b_odd, b_even - b_odd, fma(vec4f(-2.5f), t[3], t[1] + t[5]));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.rows * params.columns) { return; }
  let ty = id.x / params.columns + params.row_first;
  let tx = id.x % params.columns;
  let q = group.y;
  let n = group.z + params.n_first;
  let eq = q - params.x_quads;
  let noise = e_activation[0].x;

  var window: array<vec4f, 36>;  // rows of the transformed patch, the last one read at the end
  for (var r = 0u; r < params.side; r++) {
    // Unsigned wrap-around turns rows and columns left of the image into huge ones: both are outside.
    let iy = ty * 4u + r - 1u;
    var t: array<vec4f, 6>;
    if (!CONCAT || q < params.x_quads) {
      let row = ((n * params.x_rows_per_sample + iy) * params.x_quads + q) * params.w - params.x_base;
      for (var c = 0u; c < 6u; c++) { // unroll
        let ix = tx * 4u + c - 1u;
        let inside = iy < params.h && ix < params.w;
        t[c] = select(vec4f(0), vec4f(x[select(0u, row + ix, inside)]), inside);
      }
    } else {
      let row = ((n * params.h + iy) * params.e_quads + eq) * params.w - params.e_base;
      let bias = e_activation[1u + eq];
      for (var c = 0u; c < 6u; c++) { // unroll
        let ix = tx * 4u + c - 1u;
        let inside = iy < params.h && ix < params.w;
        let v = fma(vec4f(e[select(0u, row + ix, inside)]), vec4f(noise), bias);
        t[c] = select(vec4f(0), GAIN * max(v, SLOPE * v), inside);
      }
    }
    t = transform(t);
    for (var k = 0u; k < 30u; k++) { // unroll
      window[k] = window[k + 6u];
    }
    for (var c = 0u; c < 6u; c++) { // unroll
      window[30u + c] = t[c];
    }
  }

  let styled = params.s_stride > 0u;
  let style = select(vec4f(1), s[select(0u, n * params.s_stride + params.s_first + q, styled)], styled);
  let step = (params.x_quads + params.e_quads) * params.columns;  // from one position to the next
  var out = (n * params.tile_rows + ty) * 36u * step + q * params.columns + tx - params.y_base;
  for (var c = 0u; c < params.side; c++) {
    let t = transform(array<vec4f, 6>(window[0], window[6], window[12], window[18], window[24], window[30]));
    for (var r = 0u; r < 6u; r++) { // unroll
      y[out + r * 6u * step] = Quad(style * t[r]);
    }
    for (var k = 0u; k < 35u; k++) { // unroll
      window[k] = window[k + 1u];
    }
    out += step;
  }
}
