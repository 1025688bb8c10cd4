/** Where the picture lies in the viewport: its top-left corner, and CSS pixels per picture pixel. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Air around a picture that is shown whole, in CSS pixels. */
const MARGIN = 24;
/** A picture of one aligned face is small: enlarged further than this it would be all blur. */
export const LARGEST_FIT = 8;
/** CSS pixels per picture pixel, at which single pixels can be told apart. */
const LARGEST = 24;

/** The whole picture in the middle. */
export function entire(view: Size, picture: Size): Place {
  const margin = Math.min(MARGIN, view.width / 16, view.height / 25);
  const scale = Math.min(
    LARGEST_FIT,
    Math.max(1, view.width - 2 * margin) / picture.width,
    Math.max(1, view.height - 2 * margin) / picture.height,
  );
  return held({ x: 0, y: 0, scale }, view, picture);
}

/** The picture enlarged by `factor` about a point of the viewport, which stays where it is. */
export function zoomed(
  place: Place,
  factor: number,
  at: { readonly x: number; readonly y: number },
  view: Size,
  picture: Size,
): Place {
  const least = entire(view, picture).scale;
  const scale = Math.min(Math.max(LARGEST, least), Math.max(least, place.scale * factor));
  const grown = scale / place.scale;
  const x = at.x - (at.x - place.x) * grown;
  const y = at.y - (at.y - place.y) * grown;
  return held({ x, y, scale }, view, picture);
}

/** The place moved so that no edge of a large picture leaves the viewport's, and small ones are centred. */
export function held(place: Place, view: Size, picture: Size, margin = MARGIN): Place {
  const along = (at: number, room: number, size: number) =>
    size <= room ? (room - size) / 2 : Math.min(margin, Math.max(room - size - margin, at));
  const { scale } = place;
  return {
    x: along(place.x, view.width, picture.width * scale),
    y: along(place.y, view.height, picture.height * scale),
    scale,
  };
}

/** A box of the picture in the middle of the viewport, filling a good part of it. */
export function around(
  box: Size & { readonly x: number; readonly y: number },
  view: Size,
  picture: Size,
  share = 0.62,
  margin = MARGIN,
): Place {
  const least = entire(view, picture).scale;
  const wanted = share * Math.min(view.width / box.width, view.height / box.height);
  const scale = Math.min(LARGEST_FIT, Math.max(least, wanted));
  const x = view.width / 2 - scale * (box.x + box.width / 2);
  const y = view.height / 2 - scale * (box.y + box.height / 2);
  return held({ x, y, scale }, view, picture, margin);
}

/** How much of the viewport a face takes at which a picture is opened. */
const HEAD_AND_SHOULDERS = 0.34;

/** A face with what is around it, the viewport full of picture as far as it goes. */
export function opening(
  face: Size & { readonly x: number; readonly y: number },
  view: Size,
  picture: Size,
): Place {
  return around(face, view, picture, HEAD_AND_SHOULDERS, 0);
}

/** The columns of the viewport in which some of the picture is seen. */
export function seen(place: Place, view: Size, picture: Size): readonly [number, number] {
  return [Math.max(0, place.x), Math.min(view.width, place.x + picture.width * place.scale)];
}
