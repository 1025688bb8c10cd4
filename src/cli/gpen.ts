#!/usr/bin/env node
import { main } from "./main";

// exit at once: Dawn's threads would keep the process alive while a device is collected
process.exit(await main(process.argv.slice(2)));
