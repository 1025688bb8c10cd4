#!/usr/bin/env node
import { main } from "./main";

// a reader that has seen enough (`gpen models | head`) is no failure
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

// exit at once: Dawn's threads would keep the process alive while a device is collected
process.exit(await main(process.argv.slice(2)));
