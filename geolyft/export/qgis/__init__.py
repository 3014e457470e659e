"""What QGIS reads: styles and the project."""
