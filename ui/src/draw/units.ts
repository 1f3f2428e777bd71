// Lengths in drawings. Each says in which unit it is: those of the page, or those of the screen.

/** Pixels of the page, as style sheets and events count them. */
export type CssPixels = number;
/** Dots of the screen: a canvas has as many as its place on the page has there. */
export type DevicePixels = number;
/** How many dots of the screen are a pixel of the page, on one side. */
export type DevicePixelsPerCssPixel = number;

export const devicePixels = (length: CssPixels, ratio: DevicePixelsPerCssPixel): DevicePixels => Math.round(length * ratio);

/** Gives a canvas a size on the page and a dot for each of the screen there. @returns what its context is to be scaled by */
export function fitCanvas(canvas: HTMLCanvasElement, width: CssPixels, height: CssPixels): DevicePixelsPerCssPixel {
  const ratio = window.devicePixelRatio || 1;
  const [wide, tall] = [devicePixels(width, ratio), devicePixels(height, ratio)];
  // Setting a size empties the canvas and takes long, also when it is the same.
  if (canvas.width !== wide || canvas.height !== tall) {
    canvas.width = wide;
    canvas.height = tall;
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
  }
  return ratio;
}
