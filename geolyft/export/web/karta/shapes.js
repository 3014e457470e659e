// @ts-check
// Shapes as the page's data say them.

const STEPS_PER_DEGREE = 100000;

// A line is a place, then steps from corner to corner, latitude and longitude in turn.
/** @type {(steps: number[]) => [number, number][]} */
export function cornersOf(steps) {
  const corners = [];
  let [latitude, longitude] = [0, 0];
  for (let n = 0; n < steps.length; n += 2) {
    latitude += steps[n];
    longitude += steps[n + 1];
    corners.push([latitude / STEPS_PER_DEGREE, longitude / STEPS_PER_DEGREE]);
  }
  return corners;
}
