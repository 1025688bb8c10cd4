import type { GpenConfig } from "../../src/weights/config";

const published = { styleDim: 512, nMlp: 8, noise: "concat", normalise: true } as const;

function gpen(side: number, channelMultiplier: number, narrow: number): GpenConfig {
  return { inSize: side, outSize: side, channelMultiplier, narrow, ...published };
}

/** Members of the family whose pretrained weights exist or that the paper describes. */
export const CONFIGS: Readonly<Record<string, GpenConfig>> = {
  "GPEN-256": gpen(256, 1, 0.5),
  "GPEN-512": gpen(512, 2, 1),
  "GPEN-1024": gpen(1024, 2, 1),
  "GPEN-2048": gpen(2048, 2, 1),
};
