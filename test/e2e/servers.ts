import { fileURLToPath } from "node:url";
import { createServer, type InlineConfig, type Plugin, preview } from "vite";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where build.ts puts the library for these tests: what lies in dist may be older. */
export const BUILD = `${ROOT}out/e2e/dist`;

/** "source": Vite's dev server; "build": files as they lie, the library built, nothing transformed. */
export type Serving = "source" | "build";

export interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Headers of every answer of the static server, such as a Content-Security-Policy. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly plugins?: readonly Plugin[];
}

/** Serves the repository. For the dev server "gpen-webgpu" is the source. */
export async function serve(serving: Serving, options: ServeOptions = {}): Promise<Served> {
  return serving === "source" ? serveSource(options) : serveBuild(options);
}

async function serveSource({ headers, plugins = [] }: ServeOptions): Promise<Served> {
  const server = await createServer({
    ...common(plugins),
    // nothing is watched: a file that is saved meanwhile must not reload the page
    server: { hmr: false, watch: null, headers: { ...headers }, fs: { allow: [ROOT] } },
    resolve: { alias: SOURCE },
    // no package of another's is part of a page, and looking for one reads every example
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  await server.listen();
  return { origin: originOf(server.resolvedUrls!.local), close: () => server.close() };
}

async function serveBuild({ headers, plugins = [] }: ServeOptions): Promise<Served> {
  const server = await preview({
    ...common([...plugins, freshBuild]),
    configFile: false,
    build: { outDir: "." },
    preview: { headers: { ...headers } },
  });
  return { origin: originOf(server.resolvedUrls!.local), close: () => server.close() };
}

function common(plugins: readonly Plugin[]): InlineConfig {
  return {
    root: ROOT,
    cacheDir: `${ROOT}out/e2e/vite`,
    appType: "mpa", // what is not there is a 404
    publicDir: false,
    logLevel: "error",
    plugins: [...plugins, noFavicon],
  };
}

/** "gpen-webgpu/photo" is src/photo/index.ts. */
const SOURCE = [
  { find: /^gpen-webgpu$/, replacement: `${ROOT}src/index.ts` },
  { find: /^gpen-webgpu\/models\//, replacement: `${ROOT}models/` },
  { find: /^gpen-webgpu\/(\w+)$/, replacement: `${ROOT}src/$1/index.ts` },
];

const freshBuild: Plugin = {
  name: "fresh-build",
  configurePreviewServer({ middlewares }) {
    middlewares.use((request, _, next) => {
      request.url = request.url?.replace(/^\/dist\//, "/out/e2e/dist/");
      next();
    });
  },
};

const noFavicon: Plugin = {
  name: "no-favicon",
  configureServer: ({ middlewares }) => void middlewares.use("/favicon.ico", noContent),
  configurePreviewServer: ({ middlewares }) => void middlewares.use("/favicon.ico", noContent),
};

function noContent(_: unknown, response: { statusCode: number; end(): void }): void {
  response.statusCode = 204;
  response.end();
}

function originOf(urls: readonly string[]): string {
  return new URL(urls[0]).origin;
}
