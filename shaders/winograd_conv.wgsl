// winograd_conv: y = act(d * A^T (w x) A + b), the products of 36 positions and the outputs they make.
//
// Shapes   x (n, 36 * c_in, tile rows, tile columns), w (36 * c_out, c_in) in the order of its layout,
//          d a slice of all layers' factors, b (c_out) -> y (n, c_out, h, w); x and w in whole quads
// Threads  one per RUN tiles, `columns` apart, of LOADS * LOADED output quads. A subgroup's threads hold
//          neighbouring tiles of the same quads. Subgroups: chunks of tiles fastest, then blocks of quads
// Why      each of 4 LOADED neighbouring threads loads another vec4 of the weights and all receive it by
//          broadcast. Products are never stored, which is slow where the CPU computes: lavapipe stores
//          each number of each thread by itself. There the 16 sums per output lie on the stack.
// Source   Lavin and Gray, arXiv 1509.09308, with the points 0, +-1/sqrt(2), +-sqrt(2), which round least in f32
// Twin     src/kernels/winograd_conv.ts

enable subgroups;

// prelude
alias Quad = vec4f;
const LOADED = 1u;
const LOADS = 2u;
const RUN = 2u;
// end of prelude

struct Params {
  lanes: u32,       // of a subgroup
  chunks: u32,      // subgroups that cover the tiles
  tiles: u32,       // of the band, over all its samples
  columns: u32,     // threads: tiles of one thread lie so far apart
  tile_first: u32,  // row of tiles, counted over samples
  tile_rows: u32,   // of a sample
  tiles_x: u32,     // tiles side by side
  rows: u32,        // of the band
  row_first: u32,
  c_out_quads: u32,
  c_in_quads: u32,
  h: u32,
  w: u32,
  d_first: u32,
  d_stride: u32,
  flags: u32,       // 1: demodulate, 2: add the bias, 4: activate
  x_base: u32,
  y_base: u32,
  block_quads: u32, // LOADS * LOADED, and
  outputs: u32,     // 16 of a tile: not constants, as drivers would expand the loops
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, 36 c_in, tile rows, tile columns)
@group(0) @binding(2) var<storage, read> w: array<Quad>;        // (36 c_out, c_in)
@group(0) @binding(3) var<storage, read> d: array<vec4f>;       // (n, demodulation of all layers)
@group(0) @binding(4) var<storage, read> b: array<vec4f>;       // (c_out)
@group(0) @binding(5) var<storage, read_write> y: array<Quad>;  // (n, c_out, h, w)

const QUADS = LOADS * LOADED;
const COUNT = QUADS * RUN;
const ROW = COUNT * 4u;
const SUMS = COUNT * 16u;
const LINE = RUN * 4u;
const BLOCK = LINE * 4u;
const OTHERS = SUMS - BLOCK;
const REST = BLOCK - RUN;
const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes
const A = 0.70710678f;    // the points are 0, A, -A, B, -B and infinity
const B = 1.4142135f;

// Column i of A^T: the powers 0 to 3 of point i.
fn powers(i: u32) -> vec4f {
  let point = select(B, A, i < 3u) * select(1f, -1f, i % 2u == 0u);
  let square = select(2f, 0.5f, i < 3u);
  let inner = vec4f(1f, point, square, square * point);
  return select(select(inner, vec4f(0, 0, 0, 1), i == 5u), vec4f(1, 0, 0, 0), i == 0u);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  // No thread returns early: those beyond the last tile take part in the broadcasts.
  let lane = id.x % params.lanes;
  let chunk = id.x / params.lanes;
  let first_tile = chunk % params.chunks * params.lanes + lane;
  let first_quad = chunk / params.chunks * QUADS;
  let lane_quad = first_quad + lane / 4u % LOADED;
  var start: array<u32, RUN>;
  for (var p = 0u; p < RUN; p++) { // unroll
    let tile = min(first_tile + p * params.columns, params.tiles - 1u);
    let row = (params.tile_first + tile / params.tiles_x) * 36u;
    start[p] = row * params.c_in_quads * params.tiles_x + tile % params.tiles_x - params.x_base;
  }

  var sum: array<vec4f, SUMS>;  // [quad][row][column][tile]
  for (var i = 0u; i < 6u; i++) {
    // An initial value is needed: Dawn of 2026 does not zero again what a loop declares without one.
    var across = array<vec4f, ROW>();  // [quad][column][tile] of row i of the products
    for (var j = 0u; j < 6u; j++) {
      let position = i * 6u + j;
      var weight: array<u32, LOADS>;
      for (var l = 0u; l < LOADS; l++) { // unroll
        let quad = min(lane_quad + l * LOADED, params.c_out_quads - 1u);
        weight[l] = (position * params.c_out_quads + quad) * params.c_in_quads * 4u + lane % 4u;
      }
      var acc = array<vec4f, COUNT>();
      for (var iq = 0u; iq < params.c_in_quads; iq++) {
        var v: array<vec4f, RUN>;
        for (var p = 0u; p < RUN; p++) { // unroll
          v[p] = vec4f(x[start[p] + (position * params.c_in_quads + iq) * params.tiles_x]);
        }
        for (var l = 0u; l < LOADS; l++) { // unroll
          let mine = vec4f(w[weight[l] + iq * 4u]);
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
      }
      let power = powers(j);
      for (var q = 0u; q < QUADS; q++) { // unroll
        for (var c = 0u; c < 4u; c++) { // unroll
          for (var p = 0u; p < RUN; p++) { // unroll
            across[(q * 4u + c) * RUN + p] = fma(vec4f(power[c]), acc[q * RUN + p], across[(q * 4u + c) * RUN + p]);
          }
        }
      }
    }
    let power = powers(i);
    for (var q = 0u; q < QUADS; q++) { // unroll
      for (var r = 0u; r < 4u; r++) { // unroll
        for (var k = 0u; k < LINE; k++) { // unroll
          sum[q * BLOCK + r * LINE + k] = fma(vec4f(power[r]), across[q * LINE + k], sum[q * BLOCK + r * LINE + k]);
        }
      }
    }
  }

  let factors = (params.flags & 1u) != 0u;
  let biases = (params.flags & 2u) != 0u;
  // Sums move to where the loop stores them, so that there is one store in the text per tile.
  for (var q = 0u; q < params.block_quads; q++) {
    let oq = first_quad + q;
    var demodulation: array<vec4f, RUN>;
    var out: array<u32, RUN>;
    var oy: array<u32, RUN>;
    var ox: array<u32, RUN>;
    for (var p = 0u; p < RUN; p++) { // unroll
      let tile = first_tile + p * params.columns;
      let row = params.tile_first + tile / params.tiles_x;
      let n = row / params.tile_rows;
      let stored = first_tile < params.columns && tile < params.tiles && oq < params.c_out_quads;
      // Rows below every image are not stored.
      oy[p] = select(params.h, row % params.tile_rows * 4u, stored);
      ox[p] = tile % params.tiles_x * 4u;
      out[p] = ((n * params.h + oy[p]) * params.c_out_quads + oq) * params.w + ox[p] - params.y_base;
      demodulation[p] = select(vec4f(1), d[select(0u, n * params.d_stride + params.d_first + oq, factors)], factors);
    }
    let bias = select(vec4f(0), b[select(0u, oq, biases)], biases);
    for (var i = 0u; i < params.outputs; i++) {
      for (var p = 0u; p < RUN; p++) { // unroll
        var v = fma(demodulation[p], sum[p], bias);
        v = select(v, GAIN * max(v, SLOPE * v), (params.flags & 4u) != 0u);
        if (oy[p] + i / 4u - params.row_first < params.rows && ox[p] + i % 4u < params.w) {
          y[out[p] + i / 4u * params.c_out_quads * params.w + i % 4u] = Quad(v);
        }
      }
      for (var k = 0u; k < REST; k++) { // unroll
        sum[k] = sum[k + RUN];
      }
    }
    for (var k = 0u; k < OTHERS; k++) { // unroll
      sum[k] = sum[k + BLOCK];
    }
  }
}
