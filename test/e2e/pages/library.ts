import * as library from "../../../src/index";

// What tests call through page.evaluate, whose functions cannot import.
Object.assign(window, { gpen: library });

declare global {
  var gpen: typeof library;
}
