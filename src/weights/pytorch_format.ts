import type { Format } from "./format";
import { readPytorch } from "./pytorch";
import { isPytorch } from "./signatures";

/** What torch.save writes: .pth and .pt files, in both containers. */
export const pytorch: Format = {
  name: "pytorch",
  keyed: true,
  recognises: isPytorch,
  read: readPytorch,
};
