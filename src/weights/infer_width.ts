import { WeightsError } from "../errors";
import { channels, type GpenConfig } from "./config";
import { quote } from "./quote";

const WHERE = "config";
/** Channel multipliers to try, likeliest first: published models have 2 and 1. */
const MULTIPLIERS = [2, 1, 4, 8, 16, 3, 0.5, 0.25];
const MAX_CHANNELS = 4096;

/** A tensor that tells how many channels there are at resolution r. */
export interface ChannelCount {
  readonly tensor: string;
  readonly r: number;
  readonly c: number;
}

/** How wide the network is. */
export type Width = Pick<GpenConfig, "channelMultiplier" | "narrow">;

/**
 * The multiplier and the narrow factor that give exactly these channel counts. Metadata
 * (gpen.channel_multiplier, gpen.narrow) decides where several do, and must agree.
 *
 * Errors    WeightsError naming the tensor that no pair fits, or that contradicts the metadata
 */
export function inferWidth(
  unordered: readonly ChannelCount[],
  metadata: ReadonlyMap<string, string>,
): Width {
  const counts = unordered.toSorted((a, b) => a.r - b.r); // from 4 px, where narrow is seen best
  for (const { tensor, c } of counts) {
    if (!(c >= 1 && c <= MAX_CHANNELS)) {
      throw new WeightsError(
        `${WHERE}: ${quote(tensor)} has ${c} channels; 1 to ${MAX_CHANNELS} are read`,
      );
    }
  }
  const said = {
    multiplier: positive(metadata, "gpen.channel_multiplier"),
    narrow: positive(metadata, "gpen.narrow"),
  };
  let furthest = counts[0];
  for (const channelMultiplier of said.multiplier ? [said.multiplier] : MULTIPLIERS) {
    const narrows = said.narrow ? [said.narrow] : narrowCandidates(counts, channelMultiplier);
    for (const narrow of narrows) {
      const wrong = counts.find(({ r, c }) => c !== widthAt({ channelMultiplier, narrow }, r));
      if (!wrong) return { channelMultiplier, narrow };
      if (wrong.r > furthest.r) furthest = wrong;
    }
  }
  throw new WeightsError(misfit(furthest, said, counts));
}

function widthAt(width: Width, r: number): number {
  const rest = {
    inSize: r,
    outSize: r,
    styleDim: 1,
    nMlp: 1,
    noise: "concat",
    normalise: true,
  } as const;
  return channels({ ...rest, ...width }, r);
}

/**
 * Every count bounds narrow: c ≤ base · narrow < c + 1. Within the bounds c32 / 512 is preferred
 * (1, 0.5, 0.1875 come out as they were written), then the shortest decimal.
 */
function narrowCandidates(counts: readonly ChannelCount[], channelMultiplier: number): number[] {
  const bases = counts.map(({ r }) => widthAt({ channelMultiplier, narrow: 1 }, r));
  const low = Math.max(...counts.map(({ c }, i) => c / bases[i]));
  const high = Math.min(...counts.map(({ c }, i) => (c + 1) / bases[i]));
  const decimals = [1, 2, 3, 4, 5, 6].map((digits) => Math.ceil(low * 10 ** digits) / 10 ** digits);
  return [counts[0].c / 512, ...decimals.filter((narrow) => narrow < high), low];
}

function misfit(
  { tensor, r, c }: ChannelCount,
  said: { multiplier?: number; narrow?: number },
  counts: readonly ChannelCount[],
): string {
  const claims = [
    ...(said.multiplier ? [`gpen.channel_multiplier ${said.multiplier}`] : []),
    ...(said.narrow ? [`gpen.narrow ${said.narrow}`] : []),
  ];
  const has = `${quote(tensor)} has ${c} channels at ${r} px`;
  const { tensor: base, c: c0, r: r0 } = counts[0];
  return claims.length > 0
    ? `${WHERE}: ${has}, which does not fit metadata ${claims.join(" and ")} (${quote(base)} has ${c0} at ${r0} px)`
    : `${WHERE}: ${has}, which no channel multiplier gives where ${quote(base)} has ${c0} at ${r0} px`;
}

function positive(metadata: ReadonlyMap<string, string>, key: string): number | undefined {
  const said = metadata.get(key);
  if (said === undefined) return undefined;
  const value = Number(said);
  if (!(value > 0 && value <= 1024)) {
    throw new WeightsError(
      `${WHERE}: metadata ${key} is ${quote(said)}; it must be a number above 0`,
    );
  }
  return value;
}
