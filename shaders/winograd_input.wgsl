// winograd_input: y = B^T t B for each 6x6 patch t of x, for 3x3 taps with padding 1.
//
// Shapes   x (n, c, h, w) -> y (n, 36 * c, tile rows, tile columns), position outermost; c in whole quads
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
  c_quads: u32,
  h: u32,
  w: u32,
  x_base: u32,
  y_base: u32,
  side: u32,        // 6, of a patch; not a constant, as drivers would expand the loops
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c, h, w)
@group(0) @binding(2) var<storage, read_write> y: array<Quad>;  // (n, 36 c, tile rows, tile columns)

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

  var window: array<vec4f, 36>;  // rows of the transformed patch, the last one read at the end
  for (var r = 0u; r < params.side; r++) {
    // Unsigned wrap-around turns rows and columns left of the image into huge ones: both are outside.
    let iy = ty * 4u + r - 1u;
    var t: array<vec4f, 6>;
    let row = ((n * params.h + iy) * params.c_quads + q) * params.w - params.x_base;
    for (var c = 0u; c < params.side; c++) {
      let ix = tx * 4u + c - 1u;
      let inside = iy < params.h && ix < params.w;
      let v = select(vec4f(0), vec4f(x[select(0u, row + ix, inside)]), inside);
      for (var k = 0u; k < 6u; k++) { // unroll
        t[k] = select(t[k], v, k == c);
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

  let step = params.c_quads * params.columns;  // from one position to the next
  var out = (n * params.tile_rows + ty) * 36u * step + q * params.columns + tx - params.y_base;
  for (var c = 0u; c < params.side; c++) {
    let t = transform(array<vec4f, 6>(window[0], window[6], window[12], window[18], window[24], window[30]));
    for (var r = 0u; r < params.side; r++) {
      var v = t[0];
      for (var k = 0u; k < 6u; k++) { // unroll
        v = select(v, t[k], k == r);
      }
      y[out + r * 6u * step] = Quad(v);
    }
    for (var k = 0u; k < 35u; k++) { // unroll
      window[k] = window[k + 1u];
    }
    out += step;
  }
}
