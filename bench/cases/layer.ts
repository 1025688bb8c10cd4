/** GPEN-512 has channel multiplier 2 (C = 64 at 512 px); GPEN-256 1 and narrow 0.5 (C = 32 at 256). */
export const STYLES_512 = 17_408;
export const FACTORS_512 = 5_536;

/** The vectors that every modulated layer of GPEN-512 takes its slices from. */
export const slices = {
  s: [1, STYLES_512],
  sFirst: 1024,
  d: [1, FACTORS_512],
  dFirst: 512,
};

/** The input of a layer, both halves of c channels. */
export const halves = (c: number, side: number) => ({
  x: [1, c, side, side],
  e: [1, c, side, side],
  e_activation: [4 + c],
});

export const active = { activate: true } as const;
