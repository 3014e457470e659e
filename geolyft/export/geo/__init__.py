"""The layers as files of their own: GeoPackage, SLD, points, GeoTIFF."""
