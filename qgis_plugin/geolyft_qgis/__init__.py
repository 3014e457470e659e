"""The plugin: it adds geolyft's provider to Processing."""

from qgis.core import QgsApplication


def classFactory(_iface):
    """Return the plugin."""
    return Plugin()


class Plugin:
    """What QGIS switches on and off."""

    def __init__(self) -> None:
        self.provider = None

    def initProcessing(self) -> None:
        """Add the provider."""
        from .provider import GeolyftProvider  # noqa: PLC0415 - Processing may be off

        self.provider = GeolyftProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add the provider to a QGIS with windows."""
        self.initProcessing()

    def unload(self) -> None:
        """Take the provider away."""
        QgsApplication.processingRegistry().removeProvider(self.provider)
