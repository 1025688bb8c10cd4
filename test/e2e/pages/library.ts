import * as library from "../../../src/index";
import { census, openHost } from "./host";
import { smallModel } from "./small_model";

/** The example, or another picture of the repository. */
async function picture(path = "/examples/astronaut.png"): Promise<ImageBitmap> {
  return createImageBitmap(await (await fetch(path)).blob());
}

const stage = { smallModel, picture, openHost, census };

// What tests call through page.evaluate, whose functions cannot import.
Object.assign(window, { gpen: library, staged: stage });

declare global {
  var gpen: typeof library;
  var staged: typeof stage;
}
