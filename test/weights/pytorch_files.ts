import { bytesSource } from "../../src/weights/byte_source";
import { readPytorch } from "../../src/weights/pytorch";
import * as b from "./build";

export const open = (bytes: Uint8Array) => readPytorch(bytesSource(bytes));
/** The pickle of one tensor, which the bad files are made from. */
export const good = b.pickle(b.dictOf({ a: b.tensor() }));
/** A checkpoint whose pickle has this code. */
export const root = (...code: (readonly number[])[]) => b.pth(b.pickle(...code));
