import { test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/graph/bands";
import { openTestGpu } from "../gpu";
import { expectSample } from "./expect_sample";
import { prepareFullSize, runFullSize } from "./full_size";

test("GPEN-256 at full size gives PyTorch's numbers", async () => {
  const gpu = await openTestGpu();
  const executable = await prepareFullSize(gpu, "gpen256", DEFAULT_LIMITS);
  await expectSample("gpen256", await runFullSize(executable, "gpen256"));
  executable.dispose();
});
