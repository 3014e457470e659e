"""What QGIS reads: styles, metadata and the project."""
