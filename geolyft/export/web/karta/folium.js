// @ts-check
// All that comes from outside: Leaflet, and what folium's script drew with it before this one runs,
// the map and the layer of the run's own areas. No other module takes a name but a browser's own.
/* global L, karta, omraden */

export const leaflet = L;
export const map = karta;
export const mainAreas = omraden;
