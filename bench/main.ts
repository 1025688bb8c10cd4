import { createServer, createServerModuleRunner } from "vite";

/**
 * Starts the benchmark: `tsx bench/main.ts OPTIONS`, where OPTIONS is BenchOptions as JSON. The
 * sources import shaders as text, which Vite's runner resolves as it does for the tests.
 */
async function main(options: string): Promise<number> {
  const server = await createServer({
    configFile: false,
    logLevel: "error",
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
  const { runBench } = await runner.import<typeof import("./run")>("/bench/run.ts");
  return runBench(JSON.parse(options));
}

// Otherwise how long a first image takes would depend on what has run on this machine before.
process.env.MESA_SHADER_CACHE_DISABLE ??= "true";
process.env.__GL_SHADER_DISK_CACHE ??= "0";

// exit at once: Dawn's threads would keep the process alive while a device is collected
process.exit(await main(process.argv[2] ?? "{}"));
