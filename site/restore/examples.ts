import alignedUrl from "../../examples/astronaut.png?url";
import photoUrl from "../../examples/photo.jpg?url";
import { byId, make } from "../dom";
import alignedResultUrl from "../pictures/astronaut_restored.png?url";
import photoResultUrl from "../pictures/photo_restored.jpg?url";
import type { Box } from "./restoration";

export interface Example {
  readonly name: string;
  readonly file: string;
  readonly url: string;
  /** What the embedded model made of it, for browsers that cannot. */
  readonly result: string;
  readonly aligned: boolean;
  /** Where the face is in a whole photo, as the detector finds it. */
  readonly face?: Box;
  readonly credit: string;
}

const CREDIT = "Eileen Collins. NASA, public domain.";

export const EXAMPLES: readonly Example[] = [
  {
    name: "Whole photo",
    file: "photo.jpg",
    url: photoUrl,
    result: photoResultUrl,
    aligned: false,
    face: { x: 175, y: 79, width: 97, height: 97 },
    credit: CREDIT,
  },
  {
    name: "One face",
    file: "astronaut.png",
    url: alignedUrl,
    result: alignedResultUrl,
    aligned: true,
    credit: CREDIT,
  },
];

/** The examples as thumbnails; `take` is called with the one that is pressed. */
export function exampleStrip(take: (example: Example) => void): void {
  byId("examples", HTMLElement).replaceChildren(
    ...EXAMPLES.map((example) => {
      const image = make("img", { src: example.url, alt: "", width: 96, height: 96 });
      const button = make("button", { type: "button" }, image, make("span", {}, example.name));
      button.title = example.name;
      button.setAttribute("aria-label", `Example: ${example.name.toLowerCase()}`);
      button.onclick = () => take(example);
      return make("li", {}, button);
    }),
  );
}

/** An example's bytes. Throws Error, one sentence, if the page's host does not give them. */
export async function fetchExample({ url, name }: Example): Promise<Blob> {
  const answer = await fetch(url);
  if (answer.ok) return answer.blob();
  throw new Error(`The example “${name}” could not be fetched (${answer.status}); reload the page`);
}
