import { configDefaults, defineConfig } from "vitest/config";
import { minifiedWgsl } from "./build/wgsl.ts";

// Tests that a slow driver (SwiftShader) leaves to a faster one have names in .slow.gpu.test.ts.
const slow = process.env.GPEN_SLOW_TESTS === "0" ? ["test/**/*.slow.gpu.test.ts"] : [];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "test/**/*.gpu.test.ts", "test/e2e/**"],
          testTimeout: 20_000,
        },
      },
      {
        // as the package has them: GPEN_MINIFIED=1 vitest run --project gpu test/kernels
        plugins: process.env.GPEN_MINIFIED === "1" ? [minifiedWgsl()] : [],
        test: {
          name: "gpu",
          include: ["test/**/*.gpu.test.ts"],
          exclude: [...configDefaults.exclude, "test/**/*.full.gpu.test.ts", ...slow],
          // Vulkan drivers read VK_ICD_FILENAMES with getenv: a process of its own per file, one at a
          // time because a software driver already uses every core
          pool: "forks",
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.e2e.test.ts"],
          globalSetup: "test/e2e/build.ts",
          // one browser at a time, which computes on every core
          pool: "forks",
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "soak",
          include: ["test/soak/soak.ts"],
          testTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: "full",
          include: ["test/**/*.full.gpu.test.ts"],
          pool: "forks",
          fileParallelism: false,
          // GPEN-1024 twice: 0.7 TFLOP, at a few GFLOP/s on a software adapter
          testTimeout: 1_800_000,
        },
      },
    ],
  },
});
