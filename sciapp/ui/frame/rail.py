"""The rail at the left of the window: search, home, the open project with its five areas, help and settings."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFontInfo, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from sciapp import settings
from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.frame.area_bar import AreaBar
from sciapp.ui.frame.areas import AreaState
from sciapp.ui.frame.rail_button import RailButton
from sciapp.ui.widgets.buttons import IconButton
from sciapp.ui.widgets.labels import TextLabel

NARROW_BELOW = 1200
"""Width of a window, in px at a text size of 100 %, below which the rail has icons alone."""
_LOGO = 28  # px


class Rail(QWidget):
    """Shows where the window is and asks to go elsewhere; knows no project."""

    homeRequested = Signal()
    searchRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        theme.set_ground(self, "window")
        self.areas = AreaBar(self)
        self._logo, self._title = Logo(self), TextLabel("SciApp", self, type="section")
        self.menu_button = IconButton("menu", msg("Menu"), self, name="mainMenu")
        self.search = RailButton(
            msg("Search or do…"), self, icon="search", name="openPalette", key="Ctrl+K", framed=True
        )
        self.home = RailButton(msg("Home"), self, icon="home", name="goHome", help=msg("Ctrl+0"))
        self.home.setCheckable(True)
        self.project = RailButton(
            msg("No project open"), self, icon="", name="projectSwitcher", end_icon="chevrons-up-down",
            help=msg("Open another project"),
        )  # fmt: skip
        self.help = RailButton(msg("Help"), self, icon="help", name="openHelp")
        self.settings = RailButton(msg("Settings"), self, icon="settings", name="openSettings")
        self._buttons = (self.search, self.home, self.project, self.help, self.settings)
        self._compact = False
        self._lay_out()
        self.home.clicked.connect(self.homeRequested)
        self.search.clicked.connect(self.searchRequested)
        self.show_project("")
        self.set_compact(False)

    def show_project(self, name: str) -> None:
        """The name of the open project; empty: none is open."""
        self._project_name = name
        self.project.set_texts(name or msg("No project open"), msg("Project"))
        self.areas.set_project_open(bool(name))

    def show_states(self, states: Mapping[str, AreaState]) -> None:
        self.areas.set_states(states)

    def show_home(self, is_home: bool) -> None:
        """True: the home page is what the window shows; False: the chosen area."""
        self.home.setChecked(is_home)
        self.areas.set_shown(not is_home)

    def set_menus(self, *, main: QMenu, project: QMenu, help: QMenu, settings: QMenu) -> None:
        """The menus that the buttons open."""
        self.menu_button.clicked.connect(lambda: _open_at(main, self.menu_button))
        for button, menu in ((self.project, project), (self.help, help), (self.settings, settings)):
            button.clicked.connect(lambda _=False, button=button, menu=menu: _open_at(menu, button))

    def fit(self, window_width: int) -> None:
        """Choose the width that suits a window of this width, in px."""
        self.set_compact(window_width < NARROW_BELOW * self._scale())

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        width = round((theme.RAIL_WIDTH_NARROW if compact else theme.RAIL_WIDTH) * self._scale())
        margins = theme.SPACING if compact else theme.MARGIN
        self._column.setContentsMargins(margins, theme.MARGIN, margins, theme.MARGIN)
        self.setFixedWidth(width)
        self.areas.setFixedWidth(width - 2 * margins)
        for button in self._buttons:
            button.set_compact(compact)
        for part in (self._logo, self._title):
            part.setVisible(not compact)
        self.areas.set_compact(compact)

    @property
    def is_compact(self) -> bool:
        return self._compact

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.fit(self.window().width())

    def _scale(self) -> float:
        """Lengths grow with the text size."""
        return max(1.0, QFontInfo(self.font()).pixelSize() / theme.TYPE_SIZES["body"])

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._logo)
        top.addWidget(self._title, 1)
        top.addWidget(self.menu_button)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setForegroundRole(QPalette.ColorRole.Mid)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(theme.HALF)
        self._column.addLayout(top)
        self._column.addSpacing(theme.SPACING)
        self._column.addWidget(self.search)
        self._column.addSpacing(theme.HALF)
        self._column.addWidget(self.home)
        self._column.addSpacing(theme.HALF)
        self._column.addWidget(line)
        self._column.addSpacing(theme.HALF)
        self._column.addWidget(self.project)
        self._column.addWidget(self.areas)
        self._column.addStretch(1)
        self._column.addWidget(self.help)
        self._column.addWidget(self.settings)


class Logo(QWidget):
    """The program's icon."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_LOGO, _LOGO)
        self._pixmap = QPixmap()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pixmap.isNull():
            self._pixmap = QPixmap(str(settings.resources_folder() / "icons" / "sciapp.svg"))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.rect(), self._pixmap)
        painter.end()


def _open_at(menu: QMenu, button: QWidget) -> None:
    """At the right of the rail's button, so that the rail stays in sight."""
    menu.popup(button.mapToGlobal(button.rect().topRight()))
