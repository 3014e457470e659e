// @ts-check
// All that comes from outside: Leaflet, and the map that folium's script opened with it before this
// one runs. No other module takes a name but a browser's own.
/* global L, karta */

export const leaflet = L;
export const map = karta;
