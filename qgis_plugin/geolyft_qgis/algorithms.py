"""The four algorithms, each one call of the command line."""

from pathlib import Path

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorDestination,
    QgsVectorLayer,
)

from .program import called

_READ = ["gpkg", "shp", "geojson", "fgb"]
_OWN = "Eget lager"
_DIVISIONS = {"GeSO": "geso", "DeSO 2025": "deso2025", "RegSO 2025": "regso2025", _OWN: ""}
_OWN_FILE = "Egen nyckel"
_CROSSWALKS = {
    "DeSO 2025 till GeSO": "deso2025_geso",
    "DeSO 2018 till GeSO": "deso2018_geso",
    "RegSO 2025 till GeSO": "regso2025_geso",
    "DeSO 2025 till RegSO 2025": "deso2025_regso2025",
    "Valdistrikt 2022 till GeSO": "valdistrikt2022_geso",
    _OWN_FILE: "",
}


class _Algorithm(QgsProcessingAlgorithm):
    """What the four have in common: a code, a name, a help."""

    code = title = said = ""

    def name(self) -> str:
        return self.code

    def displayName(self) -> str:
        return self.title

    def shortHelpString(self) -> str:
        return self.said

    def createInstance(self):
        return type(self)()

    def initAlgorithm(self, _settings=None) -> None:
        for parameter in self.parameters():
            self.addParameter(parameter)

    def source(self, parameters, name, context, feedback):
        """Return file and layer of an input; what is no file is written to a passing one."""
        return self.parameterAsCompatibleSourceLayerPathAndLayerName(
            parameters, name, context, _READ, "gpkg", feedback
        )


class AssignPoints(_Algorithm):
    """``geolyft assign``."""

    code, title = "placera_punkter", "Ge punkter deras område"
    said = (
        "Ger varje punkt koden för det område som den ligger i, i kolumnen area. Punkternas egna "
        "kolumner följer med, så resultatet är lika känsligt som punkterna. Ligger för många "
        "punkter utanför alla områden görs inget."
    )

    def parameters(self):
        points, polygons = QgsProcessing.TypeVectorPoint, QgsProcessing.TypeVectorPolygon
        return (
            QgsProcessingParameterFeatureSource("PUNKTER", "Punkter", [points]),
            QgsProcessingParameterEnum("INDELNING", "Områden", [*_DIVISIONS], defaultValue=0),
            QgsProcessingParameterFeatureSource("EGNA", _OWN, [polygons], optional=True),
            QgsProcessingParameterField(
                "KOD", "Kolumn med områdenas kod", parentLayerParameterName="EGNA", optional=True
            ),
            QgsProcessingParameterNumber(
                "UTANFOR", "Andel punkter som får ligga utanför",
                QgsProcessingParameterNumber.Double, 0.05, minValue=0, maxValue=1,
            ),
            QgsProcessingParameterVectorDestination("RESULTAT", "Punkter med område", points),
        )  # fmt: skip

    def processAlgorithm(self, parameters, context, feedback):
        out = self.parameterAsOutputLayer(parameters, "RESULTAT", context)
        file, layer = self.source(parameters, "PUNKTER", context, feedback)
        asked = ["assign", file, *_named("--points-layer", layer), "--out", out]
        asked += _crs("--crs", self.parameterAsSource(parameters, "PUNKTER", context))
        asked += self.areas(parameters, context, feedback)
        outside = self.parameterAsDouble(parameters, "UTANFOR", context)
        _tell(called([*asked, "--max-outside", f"{outside}"], feedback), feedback)
        return {"RESULTAT": out}

    def areas(self, parameters, context, feedback):
        """Return the options that say which areas: shipped ones, or a layer of the project."""
        chosen = [*_DIVISIONS.values()][self.parameterAsEnum(parameters, "INDELNING", context)]
        if chosen:
            return ["--areas", chosen]
        file, layer = self.source(parameters, "EGNA", context, feedback)
        asked = ["--areas", file, *_named("--layer", layer)]
        asked += _crs("--areas-crs", self.parameterAsSource(parameters, "EGNA", context))
        return asked + _named("--code", self.parameterAsString(parameters, "KOD", context))


class MoveTotals(_Algorithm):
    """``geolyft move``."""

    code, title = "flytta_antal", "Flytta antal till områden"
    said = (
        "Flyttar antal från små områden till de områden som de ligger i, med en nyckels vikter. "
        "Andelar går inte att flytta: flytta täljare och nämnare. Det som inte ligger i något "
        "område står på raden residual, så att summan är den som kom in. Inget skyddas: resultatet "
        "är lika känsligt som antalen."
    )

    def parameters(self):
        field = QgsProcessingParameterField
        return (
            QgsProcessingParameterFeatureSource("TABELL", "Tabell", [QgsProcessing.TypeVector]),
            field("OMRADE", "Kolumn med små områdens kod", parentLayerParameterName="TABELL"),
            field(
                "ANTAL", "Kolumner med antal", parentLayerParameterName="TABELL",
                type=field.Numeric, allowMultiple=True,
            ),
            QgsProcessingParameterEnum("NYCKEL", "Nyckel", [*_CROSSWALKS], defaultValue=0),
            QgsProcessingParameterFile("EGEN", _OWN_FILE, optional=True),
            QgsProcessingParameterBoolean("SAKNAS", "Små områden får sakna rad", False),
            QgsProcessingParameterVectorDestination("RESULTAT", "Antal per område"),
        )  # fmt: skip

    def processAlgorithm(self, parameters, context, feedback):
        out = self.parameterAsOutputLayer(parameters, "RESULTAT", context)
        file, layer = self.source(parameters, "TABELL", context, feedback)
        area = self.parameterAsString(parameters, "OMRADE", context)
        asked = ["move", file, *_named("--sheet", layer), "--area", area, "--out", out]
        for column in self.parameterAsFields(parameters, "ANTAL", context):
            asked += ["--column", column]
        chosen = [*_CROSSWALKS.values()][self.parameterAsEnum(parameters, "NYCKEL", context)]
        asked += ["--crosswalk", chosen or self.parameterAsFile(parameters, "EGEN", context)]
        if self.parameterAsBool(parameters, "SAKNAS", context):
            asked.append("--allow-absent")
        _tell(called(asked, feedback), feedback)
        return {"RESULTAT": out}


class MakeRun(_Algorithm):
    """``geolyft run``."""

    code, title = "gor_korning", "Gör en körning"
    said = (
        "Gör den körning som körfilen (.toml) beskriver, och laddar dess index med färger. En "
        "tidigare leverans i mappen ersätts hel, eller inte alls. Öppna omradeslyft.qgz i mappen "
        "för alla lager, teman och layouter."
    )

    def parameters(self):
        return (
            QgsProcessingParameterFile("KORFIL", "Körfil", extension="toml"),
            QgsProcessingParameterFolderDestination("MAPP", "Leveransens mapp"),
        )

    def initAlgorithm(self, _settings=None) -> None:
        super().initAlgorithm()
        self.addOutput(QgsProcessingOutputVectorLayer("INDEX", "Index"))

    def processAlgorithm(self, parameters, context, feedback):
        file = self.parameterAsFile(parameters, "KORFIL", context)
        folder = self.parameterAsString(parameters, "MAPP", context)
        made = called(["run", file, "--out", folder], feedback)
        package = str(Path(folder, "omradeslyft.gpkg"))
        source = f"{package}|layername={_index_of(package)}"
        details = QgsProcessingContext.LayerDetails(made["title"], context.project(), "INDEX")
        context.addLayerToLoadOnCompletion(source, details)
        return {"MAPP": folder, "INDEX": source}


class VerifyDelivery(_Algorithm):
    """``geolyft verify``."""

    code, title = "kontrollera_leverans", "Kontrollera en leverans"
    said = (
        "Håller en leverans filer mot dess manifest. Stämmer något inte sägs vilka filer som är "
        "ändrade, saknas eller har tillkommit."
    )

    def parameters(self):
        folder = QgsProcessingParameterFile.Folder
        return (QgsProcessingParameterFile("MAPP", "Leveransens mapp", folder),)

    def initAlgorithm(self, _settings=None) -> None:
        super().initAlgorithm()
        self.addOutput(QgsProcessingOutputBoolean("HEL", "Leveransen är hel"))

    def processAlgorithm(self, parameters, context, feedback):
        folder = self.parameterAsFile(parameters, "MAPP", context)
        intact = called(["verify", folder], feedback)["intact"]
        feedback.pushInfo("Alla filer är de som levererades.")
        return {"HEL": intact}


def _crs(option, source):
    """Return an option that says a layer's CRS, where it is one of EPSG's."""
    authority, _, number = source.sourceCrs().authid().partition(":")
    return [option, number] if authority == "EPSG" else []


def _tell(audit, feedback):
    """Say what was counted, as the command line says it."""
    for name, number in audit.items():
        feedback.pushInfo(f"{name}: {number}")


def _named(option, name):
    """Return an option with its text, where there is one: a file of one layer needs no name."""
    return [option, name] if name else []


def _index_of(package):
    """Return the layer of a delivery that has the latest index: the first that is called so."""
    opened = QgsVectorLayer(package, "", "ogr")  # what is asked of it goes when it goes
    names = [each.split("!!::!!")[1] for each in opened.dataProvider().subLayers()]
    return next(name for name in names if name.endswith("_index"))
