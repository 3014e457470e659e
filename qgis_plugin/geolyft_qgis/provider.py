"""The provider: its name, its setting, and what it offers."""

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsProcessingProvider

from .algorithms import AssignPoints, MakeRun, MoveTotals, VerifyDelivery
from .program import PROGRAM, SETTING


class GeolyftProvider(QgsProcessingProvider):
    """Geolyft's algorithms."""

    def id(self) -> str:
        """Return what scripts call it."""
        return "geolyft"

    def name(self) -> str:
        """Return what people call it."""
        return "geolyft"

    def load(self) -> bool:
        """Add the setting, under Options, Processing, Providers."""
        said = "Programmet geolyft (tomt: det som PATH hittar)"
        ProcessingConfig.addSetting(Setting(self.name(), SETTING, said, "", valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """Take the setting away."""
        ProcessingConfig.removeSetting(SETTING)

    def loadAlgorithms(self) -> None:
        """Add the algorithms."""
        for algorithm in (AssignPoints, MoveTotals, MakeRun, VerifyDelivery):
            self.addAlgorithm(algorithm())

    def longName(self) -> str:
        """Return the name with what it runs."""
        return f"{self.name()} ({PROGRAM})"
