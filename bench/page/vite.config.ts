import { pageConfig } from "./server";

// biome-ignore lint/style/noDefaultExport: Vite takes a configuration as the default export
export default pageConfig({ install: true });
