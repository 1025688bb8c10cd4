import type { BenchCase } from "./cases/case";
import { NETWORK } from "./cases/network";
import { PICTURES } from "./cases/pictures";
import { TECHNIQUES } from "./cases/techniques";

/** At least one row for every kernel. */
export const CASES: readonly BenchCase[] = [...NETWORK, ...TECHNIQUES, ...PICTURES];
