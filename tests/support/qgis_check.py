"""What real QGIS makes of a file: a job as JSON on stdin, an answer as JSON on stdout.

Run by the Python that Debian's ``python3-qgis`` is for, not by that of the tests::

    echo '{"open": "omradeslyft.qgz"}' | /usr/bin/python3 tests/support/qgis_check.py

A job, or a list of jobs that one process answers in order::

    {"open": PATH,             a .qgz or .qgs, or a .gpkg of which every layer is opened
     "layers": [NAME, …],      only these layers of a .gpkg
     "steps": [STEP, …]}       what to do afterwards

An answer is ``{"layers": […], "project": {…}, "steps": […]}``, ``project`` only for a project.
A layer says whether it is valid, its CRS, how many features, whether the .gpkg has a style that
loads by itself (``styled``), the renderer's ``type`` with its rules, ranges or categories
(``label``, ``filter``, ``low``, ``high``, ``colour``), the expression of ``labels`` where
labelling is on, ``fields`` with alias and comment, map tip, display expression and metadata.
Whatever goes wrong is an ``error`` in the place of its answer.

Steps, by ``do``:

============  ==================================================================================
``theme``     apply the map theme ``name`` as a click would, and draw what is then on
``layer``     draw the layer with this ``name`` or id, alone
``layers``    draw the layers ``names``, topmost first
``sld``       style the layer with this ``name`` by a ``file``: how each rule's edge is dashed
``layout``    ``name``: every item with its place, its text and the height it needs; pages show
              the map theme ``theme`` from then on, where one is named, and the project has
              ``variables``
``atlas``     the same of ``page`` (from 1) of the layout's atlas
``evaluate``  ``expression`` in the project, or of the first feature of ``layer``; or a ``text``
              with expressions, or the layer's map ``tip``
``form``      of the first feature of ``layer``: tabs and what is on each, its fields as a person
              reads them, how many rows each relation finds, its actions and what they open, and
              the layer's short name, terms and attribution
``canvas``    what the window of QGIS shows when it has read the project
============  ==================================================================================

What draws takes ``width``, ``height``, ``time`` (first and last day) and ``to`` (a PNG), and
answers with ``colours``: how many pixels each has, of those with more than 20. What prints takes
``to`` (PNG, which has ``colours`` too, or PDF) and ``dpi``.

Tests call ``ask``, which runs all that, and are marked ``needs("qgis")``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis_texts import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsFeatureRenderer,
        QgsLayerTreeNode,
        QgsPrintLayout,
        QgsRectangle,
        QgsSymbol,
    )

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The Python of the tests has no QGIS: it only asks.
with suppress(ImportError):
    from qgis.core import (
        QgsApplication,
        QgsDateTimeRange,
        QgsExpression,
        QgsExpressionContext,
        QgsExpressionContextUtils,
        QgsLayerTreeModel,
        QgsLayoutExporter,
        QgsLayoutItem,
        QgsLayoutItemLabel,
        QgsLayoutItemLegend,
        QgsLayoutItemPage,
        QgsMapLayer,
        QgsMapRendererSequentialJob,
        QgsMapSettings,
        QgsProject,
        QgsProviderRegistry,
        QgsRasterLayer,
        QgsVectorLayer,
    )
    from qgis.gui import QgsMapCanvas
    from qgis.PyQt.QtCore import QDateTime, QRectF, QSize, Qt
    from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QImage

FEW = 20
SIZE = (800, 600)
DPI = 100
# Fonts are measured large, so that rounding to whole pixels does not show.
FINE = 100
MM_PER_POINT = 25.4 / 72
PATIENCE = 1500

Said = dict[str, Any]


def ask(jobs: list[Said], *, strict: bool = True) -> list[Said]:
    """Let one QGIS answer jobs, see the top of the file; an error is a failure when strict."""
    import pytest  # noqa: PLC0415 - QGIS's own Python has none
    from needs import QGIS_PYTHON  # noqa: PLC0415

    done = subprocess.run(  # noqa: S603 - a path of our own
        [QGIS_PYTHON, __file__],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"QGIS ended with {done.returncode}:\n{done.stderr[-2000:]}")
    answers: list[Said] = json.loads(done.stdout)
    for said in (*answers, *(step for each in answers for step in each.get("steps", []))):
        if strict and "error" in said:
            pytest.fail(f"{said['error']}\n{said.get('trace', '')}")
    return answers


def answer(job: Said) -> Said:
    path = job["open"]
    if not Path(path).exists():
        raise FileNotFoundError(path)
    is_data = path.endswith(".gpkg")
    layers = open_layers(path, job.get("layers")) if is_data else open_project(path)
    said = {"layers": [describe_layer(layer) for layer in layers]}
    if is_data:
        for layer, each in zip(layers, said["layers"], strict=True):
            # Of a project's layer this would take the project's own style away.
            each["styled"] = layer.loadDefaultStyle()[1]
    else:
        said["project"] = describe_project(QgsProject.instance())
    said["steps"] = [attempt(take, step) for step in job.get("steps", [])]
    return said


def attempt(act: Callable[[Said], Said], said: Said) -> Said:
    try:
        return act(said)
    except Exception as problem:  # noqa: BLE001 - the one who asked decides what an error means
        return {"error": f"{type(problem).__name__}: {problem}", "trace": traceback.format_exc()}


def open_layers(path: str, names: list[str] | None) -> list[QgsVectorLayer]:
    project = QgsProject.instance()
    project.clear()
    found = [each.name() for each in QgsProviderRegistry.instance().querySublayers(path)]
    layers = [QgsVectorLayer(f"{path}|layername={name}", name, "ogr") for name in names or found]
    project.addMapLayers(layers)
    return layers


def open_project(path: str) -> list[QgsMapLayer]:
    project = QgsProject.instance()
    project.clear()
    if not project.read(path):
        raise ValueError(f"{path}: {project.error()}")
    return list(project.mapLayers().values())


def describe_layer(layer: QgsMapLayer) -> Said:
    if isinstance(layer, QgsRasterLayer):
        return describe_surface(layer)
    metadata = layer.metadata()
    labels = layer.labeling().settings() if layer.labelsEnabled() and layer.labeling() else None
    return {
        "id": layer.id(),
        "name": layer.name(),
        "source": layer.source(),
        "valid": layer.isValid(),
        "spatial": layer.isSpatial(),
        "read_only": layer.readOnly(),
        "styles": [layer.styleManager().currentStyle(), *layer.styleManager().styles()],
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "extent": sides(layer.extent()),
        "renderer": describe_renderer(layer.renderer()),
        "labels": labels.fieldName if labels else None,
        "fields": [describe_field(layer, place) for place in range(layer.fields().count())],
        "map_tip": layer.mapTipTemplate(),
        "display": layer.displayExpression(),
        "title": metadata.title(),
        "abstract": metadata.abstract(),
        "licences": metadata.licenses(),
        "rights": metadata.rights(),
        "history": metadata.history(),
        "language": metadata.language(),
    }


def describe_surface(layer: QgsRasterLayer) -> Said:
    """Say what a layer of cells is: its classes are those of its legend."""
    shader = layer.renderer().shader()
    items = shader.rasterShaderFunction().colorRampItemList() if shader else []
    return {
        "id": layer.id(),
        "name": layer.name(),
        "source": layer.source(),
        "valid": layer.isValid(),
        "spatial": True,
        "cells": [layer.width(), layer.height()],
        "crs": layer.crs().authid(),
        "extent": sides(layer.extent()),
        "classes": [{"label": item.label, "high": item.value} for item in items],
    }


def describe_field(layer: QgsVectorLayer, place: int) -> Said:
    field = layer.fields().at(place)
    setup = field.editorWidgetSetup()
    return {
        "name": field.name(),
        "type": field.typeName(),
        "alias": layer.attributeAlias(place),
        "comment": field.comment(),
        "widget": setup.type(),
        "config": {name: str(value) for name, value in setup.config().items()},
    }


def describe_renderer(renderer: QgsFeatureRenderer | None) -> Said | None:
    if renderer is None:
        return None
    classes = []
    if renderer.type() == "RuleRenderer":
        classes = [
            {"label": r.label(), "filter": r.filterExpression(), "colour": colour(r.symbol())}
            for r in renderer.rootRule().descendants()
            if r.symbol()
        ]
    elif renderer.type() == "graduatedSymbol":
        classes = [
            {
                "label": r.label(),
                "low": r.lowerValue(),
                "high": r.upperValue(),
                "colour": colour(r.symbol()),
            }
            for r in renderer.ranges()
        ]
    elif renderer.type() == "categorizedSymbol":
        classes = [
            {"label": c.label(), "filter": str(c.value()), "colour": colour(c.symbol())}
            for c in renderer.categories()
        ]
    elif renderer.type() == "singleSymbol":
        classes = [{"label": "", "colour": colour(renderer.symbol())}]
    return {"type": renderer.type(), "classes": classes}


def colour(symbol: QgsSymbol | None) -> str | None:
    return symbol.color().name() if symbol else None


def sides(extent: QgsRectangle) -> list[float]:
    return [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]


def describe_project(project: QgsProject) -> Said:
    root = project.layerTreeRoot()
    themes = project.mapThemeCollection()
    view = project.viewSettings().defaultViewExtent()
    return {
        "crs": project.crs().authid(),
        "ellipsoid": project.ellipsoid(),
        "title": project.title(),
        "abstract": project.metadata().abstract(),
        "variables": QgsExpressionContextUtils.projectScope(project).filteredVariableNames(),
        "layer_order": [layer.id() for layer in root.layerOrder()],
        "visible": [layer.id() for layer in root.checkedLayers()],
        "tree": [describe_node(node) for node in root.children()],
        "themes": {
            name: [layer.id() for layer in themes.mapThemeVisibleLayers(name)]
            for name in themes.mapThemes()
        },
        "layouts": [layout.name() for layout in project.layoutManager().layouts()],
        "view": sides(view),
        "time": [
            getattr(project.timeSettings().temporalRange(), end)().toString(Qt.ISODate)[:10]
            for end in ("begin", "end")
        ],
        "view_crs": view.crs().authid(),
    }


def describe_node(node: QgsLayerTreeNode) -> Said:
    said = {"name": node.name(), "on": node.itemVisibilityChecked()}
    if node.nodeType() == node.NodeLayer:
        return {**said, "id": node.layerId()}
    return {
        **said,
        "alone": node.isMutuallyExclusive(),
        "children": [describe_node(child) for child in node.children()],
    }


def take(step: Said) -> Said:
    return STEPS[step["do"]](step)


def take_theme(step: Said) -> Said:
    project = QgsProject.instance()
    root = project.layerTreeRoot()
    themes = project.mapThemeCollection()
    if not themes.hasMapTheme(step["name"]):
        raise KeyError(step["name"])
    themes.applyTheme(step["name"], root, QgsLayerTreeModel(root))
    on = root.checkedLayers()
    shown = [layer for layer in root.layerOrder() if layer in on]
    extent = project.viewSettings().defaultViewExtent()
    return {**draw(shown, extent, project.crs(), step), "layers": [layer.id() for layer in shown]}


def take_layers(step: Said) -> Said:
    names = step["names"] if "names" in step else [step["name"]]
    layers = [find(name) for name in names]
    return draw(layers, layers[0].extent(), layers[0].crs(), step)


def take_sld(step: Said) -> Said:
    layer = find(step["name"])
    _, done = layer.loadSldStyle(step["file"])
    if not done:
        raise ValueError(step["file"])
    rules = [r for r in layer.renderer().rootRule().descendants() if r.symbol()]
    return {"edges": {rule.label(): edge(rule.symbol()) for rule in rules}}


def edge(symbol: QgsSymbol) -> str:
    """Say how the topmost edge of a symbol is dashed."""
    said = [layer.properties() for layer in symbol.symbolLayers()]
    styles = [each.get("outline_style") or each.get("line_style") for each in said]
    return [each for each in styles if each][-1]


def find(name: str) -> QgsVectorLayer:
    project = QgsProject.instance()
    found = project.mapLayer(name) or next(iter(project.mapLayersByName(name)), None)
    if found is None:
        raise KeyError(name)
    return found


def draw(
    layers: list[QgsVectorLayer],
    extent: QgsRectangle,
    crs: QgsCoordinateReferenceSystem,
    step: Said,
) -> Said:
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setOutputSize(QSize(step.get("width", SIZE[0]), step.get("height", SIZE[1])))
    settings.setExtent(extent)
    settings.setBackgroundColor(QColor("#ffffff"))
    # Without smoothing every pixel has a colour that somebody chose.
    settings.setFlag(QgsMapSettings.Antialiasing, step.get("smooth", False))
    settings.setExpressionContext(context())
    if step.get("time"):
        first, last = (QDateTime.fromString(f"{day}T12:00:00Z", Qt.ISODate) for day in step["time"])
        settings.setIsTemporal(True)
        settings.setTemporalRange(QgsDateTimeRange(first, last))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    if step.get("to"):
        image.save(step["to"])
    problems = [f"{each.layerID}: {each.message}" for each in job.errors()]
    return {"colours": count(image), "problems": problems}


def count(image: QImage) -> dict[str, int]:
    image = image.convertToFormat(image.Format_RGB32)
    pixels = image.constBits().asstring(image.sizeInBytes())
    # In memory: blue, green, red and a byte without meaning.
    seen = Counter(pixels[place : place + 3] for place in range(0, len(pixels), 4))
    return {f"#{bgr[::-1].hex()}": many for bgr, many in seen.most_common() if many > FEW}


def context() -> QgsExpressionContext:
    made = QgsExpressionContext()
    made.appendScopes(
        [
            QgsExpressionContextUtils.globalScope(),
            QgsExpressionContextUtils.projectScope(QgsProject.instance()),
        ]
    )
    return made


def take_layout(step: Said) -> Said:
    layout = QgsProject.instance().layoutManager().layoutByName(step["name"])
    if layout is None:
        raise KeyError(step["name"])
    said = {}
    for name, content in step.get("variables", {}).items():
        QgsExpressionContextUtils.setProjectVariable(QgsProject.instance(), name, content)
    if step.get("theme"):
        QgsExpressionContextUtils.setProjectVariable(
            QgsProject.instance(), "geolyft_tema", step["theme"]
        )
    atlas = layout.atlas()
    if step["do"] == "atlas":
        atlas.beginRender()
        page = step.get("page", 1) - 1
        if not atlas.seekTo(page):
            raise IndexError(page)
        said = {"pages": atlas.count(), "file": atlas.currentFilename()}
        said["page_name"] = atlas.nameForPage(page)
    layout.refresh()
    if step.get("to"):
        said["result"] = export(layout, step)
        printed = QImage(step["to"])
        said["colours"] = {} if printed.isNull() else count(printed)
    paper = layout.pageCollection().page(0).rect()
    said["size"] = [paper.width(), paper.height()]
    items = [each for each in layout.items() if is_placed(each)]
    said["items"] = [describe_item(item) for item in items]
    if step["do"] == "atlas":
        atlas.endRender()
    return said


def is_placed(item: object) -> bool:
    return isinstance(item, QgsLayoutItem) and not isinstance(item, QgsLayoutItemPage)


def export(layout: QgsPrintLayout, step: Said) -> int:
    exporter = QgsLayoutExporter(layout)
    if step["to"].endswith(".pdf"):
        return exporter.exportToPdf(step["to"], QgsLayoutExporter.PdfExportSettings())
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = step.get("dpi", DPI)
    settings.generateWorldFile = False
    return exporter.exportToImage(step["to"], settings)


def describe_item(item: QgsLayoutItem) -> Said:
    place = item.sceneBoundingRect()
    own = item.rect()
    said = {
        "id": item.id(),
        "kind": type(item).__name__,
        "box": [item.pos().x(), item.pos().y(), own.width(), own.height()],
        "drawn": [place.x(), place.y(), place.width(), place.height()],
    }
    if isinstance(item, QgsLayoutItemLabel):
        wide, high = needed(item)
        said |= {"text": item.currentText(), "needs": [wide, high]}
        said["html"] = item.mode() == QgsLayoutItemLabel.ModeHtml
    if isinstance(item, QgsLayoutItemLegend):
        said["legend"] = list(legend_texts(item))
    return said


def needed(label: QgsLayoutItemLabel) -> tuple[float, float]:
    """Return how wide and high a label's text is when it is broken to the label's width, in mm."""
    font = QFont(label.font())
    points = font.pointSizeF()
    font.setPixelSize(FINE)
    per_mm = FINE / (points * MM_PER_POINT)
    room = QRectF(0, 0, (label.rect().width() - 2 * label.marginX()) * per_mm, 1e6)
    used = QFontMetricsF(font).boundingRect(room, int(Qt.TextWordWrap), label.currentText())
    return used.width() / per_mm, used.height() / per_mm


def legend_texts(legend: QgsLayoutItemLegend) -> Iterator[str]:
    model = legend.model()
    for tree_layer in model.rootGroup().findLayers():
        for node in model.layerLegendNodes(tree_layer):
            if hasattr(node, "evaluateLabel"):
                yield node.evaluateLabel(legend.createExpressionContext())
            else:
                yield node.data(Qt.DisplayRole)


def take_evaluate(step: Said) -> Said:
    own = context()
    if step.get("layer"):
        layer = find(step["layer"])
        own.appendScope(QgsExpressionContextUtils.layerScope(layer))
        own.setFeature(next(layer.getFeatures()))
    text = layer.mapTipTemplate() if step.get("tip") else step.get("text")
    if text:
        return {"value": QgsExpression.replaceExpressionText(text, own)}
    expression = QgsExpression(step["expression"])
    value = expression.evaluate(own)
    problem = expression.parserErrorString() or expression.evalErrorString()
    return {"error": problem} if problem else {"value": plain(value)}


def take_form(step: Said) -> Said:
    layer = find(step["layer"])
    feature = next(layer.getFeatures())
    own = context()
    own.appendScope(QgsExpressionContextUtils.layerScope(layer))
    own.setFields(layer.fields())
    own.setFeature(feature)
    form = layer.editFormConfig()
    registry = QgsApplication.fieldFormatterRegistry()
    read = {}
    for place, field in enumerate(layer.fields()):
        setup = layer.editorWidgetSetup(place)
        formatter = registry.fieldFormatter(setup.type())
        value = feature[place]
        read[field.name()] = formatter.representValue(layer, place, setup.config(), None, value)
    relations = QgsProject.instance().relationManager().referencedRelations(layer)
    return {
        "tabs": {
            tab.name(): [each.name() for each in tab.children()]
            for tab in form.tabs()
            if hasattr(tab, "children")
        },
        "values": read,
        "display": plain(QgsExpression(layer.displayExpression()).evaluate(own)),
        "relations": {
            each.name(): {
                "valid": each.isValid(),
                "rows": sum(1 for _ in each.getRelatedFeatures(feature)),
            }
            for each in relations
        },
        "actions": {
            each.name(): QgsExpression.replaceExpressionText(each.command(), own)
            for each in layer.actions().actions()
        },
        "short_name": layer.shortName(),
        "keywords": layer.keywordList(),
        "attribution": layer.attribution(),
    }


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever an expression gives
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return None if hasattr(value, "isNull") and value.isNull() else str(value)


def take_canvas(step: Said) -> Said:
    canvas = QgsMapCanvas()
    # By this name a project finds the window it was saved from.
    canvas.setObjectName("theMapCanvas")
    canvas.resize(step.get("width", SIZE[0]), step.get("height", SIZE[1]))
    project = QgsProject.instance()
    project.read(project.fileName())
    return {"extent": sides(canvas.extent())}


STEPS = {
    "theme": take_theme,
    "layer": take_layers,
    "layers": take_layers,
    "layout": take_layout,
    "atlas": take_layout,
    "evaluate": take_evaluate,
    "form": take_form,
    "sld": take_sld,
    "canvas": take_canvas,
    "texts": lambda _: Shown().gather(),
}


def main() -> None:
    jobs = json.load(sys.stdin)
    own = QgsApplication([], True)
    own.initQgis()
    answers = [attempt(answer, job) for job in (jobs if isinstance(jobs, list) else [jobs])]
    json.dump(answers if isinstance(jobs, list) else answers[0], sys.stdout, ensure_ascii=False)
    sys.stdout.flush()
    # QGIS has no safe way down from here: its layers outlive what they need.
    os._exit(0)


if __name__ == "__main__":
    main()
