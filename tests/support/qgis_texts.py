"""Every text that QGIS shows of a project, its expressions reckoned, and those that are none."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgis.core import QgsExpressionContext, QgsVectorLayer

# The Python of the tests has no QGIS: it only asks.
with suppress(ImportError):
    from qgis.core import (
        QgsApplication,
        QgsExpression,
        QgsExpressionContext,
        QgsExpressionContextUtils,
        QgsLayoutItemLabel,
        QgsLayoutItemLegend,
        QgsProject,
        QgsVectorLayer,
    )

FEW = 4
"""Features of a layer that are looked at: a hostile city has as many areas."""


class Shown:
    """Gathers the texts of the project that is open."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.problems: set[str] = set()
        self._project = QgsProject.instance()

    def gather(self) -> dict[str, list[str]]:
        """Return all texts, and what an expression says that cannot be reckoned."""
        self._add(self._project.title(), self._project.metadata().abstract())
        self._add(*self._project.mapThemeCollection().mapThemes())
        for node in self._project.layerTreeRoot().findGroups(True):
            self._add(node.name())
        for layer in self._project.mapLayers().values():
            self._add(layer.name(), layer.metadata().abstract(), layer.attribution())
            if isinstance(layer, QgsVectorLayer):
                self._of_layer(layer)
        for layout in self._project.layoutManager().layouts():
            self._of_layout(layout)
        return {"texts": sorted(self.texts), "problems": sorted(self.problems)}

    def _add(self, *texts: object) -> None:
        self.texts |= {str(text) for text in texts if text}

    def _of_layer(self, layer: QgsVectorLayer) -> None:
        self._add(*(layer.attributeDisplayName(n) for n in range(layer.fields().count())))
        own = _context(layer)
        for rule in layer.renderer().legendSymbolItems() if layer.renderer() else ():
            self._add(rule.label())
        for _, feature in zip(range(FEW), layer.getFeatures(), strict=False):
            own.setFeature(feature)
            self._add(QgsExpression.replaceExpressionText(layer.mapTipTemplate(), own))
            for expression in _expressions(layer):
                self._add(self._reckoned(expression, own, layer.name()))
            self._add(*_values(layer, feature))
            for action in layer.actions().actions():
                self._add(QgsExpression.replaceExpressionText(action.command(), own))

    def _reckoned(self, text: str, own: QgsExpressionContext, where: str) -> Any:  # noqa: ANN401
        expression = QgsExpression(text)
        value = expression.evaluate(own)
        problem = expression.parserErrorString() or expression.evalErrorString()
        if problem:
            self.problems.add(f"{where}: {problem} in {text[:200]}")
        return value

    def _of_layout(self, layout: Any) -> None:  # noqa: ANN401 - QGIS has no types
        atlas = layout.atlas()
        if atlas.enabled():
            atlas.beginRender()
            atlas.first()
            self._add(atlas.currentFilename(), atlas.nameForPage(0))
        layout.refresh()
        for item in layout.items():
            if isinstance(item, QgsLayoutItemLabel):
                self._add(item.currentText())
            if isinstance(item, QgsLayoutItemLegend):
                self._add(*_legend(item))
        if atlas.enabled():
            atlas.endRender()


def _context(layer: QgsVectorLayer) -> QgsExpressionContext:
    made = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    made.setFields(layer.fields())
    return made


def _expressions(layer: QgsVectorLayer) -> Iterator[str]:
    """Yield what is reckoned of each feature: its title, its label, the rules of its sign."""
    yield layer.displayExpression()
    if layer.labelsEnabled() and layer.labeling():
        for name in layer.labeling().subProviders():
            settings = layer.labeling().settings(name)
            yield settings.fieldName if settings.isExpression else f'"{settings.fieldName}"'
    renderer = layer.renderer()
    if renderer is not None and renderer.type() == "RuleRenderer":
        for rule in renderer.rootRule().descendants():
            if rule.filterExpression() and not rule.isElse():
                yield rule.filterExpression()


def _values(layer: QgsVectorLayer, feature: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the fields of a feature as a form shows them."""
    known = QgsApplication.fieldFormatterRegistry()
    for place in range(layer.fields().count()):
        setup = layer.editorWidgetSetup(place)
        as_read = known.fieldFormatter(setup.type()).representValue
        yield as_read(layer, place, setup.config(), None, feature[place])


def _legend(legend: QgsLayoutItemLegend) -> Iterator[str]:
    model = legend.model()
    for tree_layer in model.rootGroup().findLayers():
        yield tree_layer.name()
        for node in model.layerLegendNodes(tree_layer):
            if hasattr(node, "evaluateLabel"):
                yield node.evaluateLabel(legend.createExpressionContext())
