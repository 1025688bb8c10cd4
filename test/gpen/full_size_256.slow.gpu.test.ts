import { test } from "vitest";
import { chooseFor } from "../../src/lowering/techniques";
import { openTestGpu } from "../gpu";
import { expectSample } from "./expect_sample";
import { prepareFullSize, runFullSize } from "./full_size";

test.each([
  { how: "as described", features: [] },
  { how: "as the adapter runs it", features: ["subgroups"] },
] as const)("GPEN-256 at full size, $how, gives PyTorch's numbers", async ({ features }) => {
  const gpu = await openTestGpu({ features });
  const choose = features.length > 0 ? chooseFor(gpu) : undefined;
  const executable = await prepareFullSize(gpu, "gpen256", { choose });
  await expectSample("gpen256", await runFullSize(executable, "gpen256"));
  executable.dispose();
});
