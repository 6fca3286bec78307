"""How sending stands, in a sentence; while it sends how far it is; and the button that stops it and lets it go on."""

from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy

from gongji.gui.background.upload_status import UploadRate, UploadStatus
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Act, button
from gongji.gui.kit.layout import column, label, row
from gongji.gui.kit.style import set_role

_HEIGHT, _TURN = 62, 120


class UploadStatusBar(QFrame):
    """A sentence above, a bar with count, rate and time left under it while something goes out."""

    def __init__(self, turn: Act) -> None:
        """`turn` stops sending, or lets it go on."""
        super().__init__()
        set_role(self, "card")
        across = row(self, spacing=tokens.GAP)
        across.setContentsMargins(tokens.GAP, 2 * tokens.STEP, 2 * tokens.STEP, 2 * tokens.STEP)
        down = column(margin=0, spacing=tokens.STEP)
        self.setMinimumHeight(_HEIGHT)
        self.said = label("", wrap=True)
        self.said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.count = label("", "muted")
        under = row(spacing=tokens.GAP)
        under.addWidget(self.bar, 1)
        under.addWidget(self.count)
        down.addWidget(self.said)
        down.addLayout(under)
        across.addLayout(down, 1)
        self.turn = button("", turn)
        self.turn.setFixedWidth(_TURN)
        across.addWidget(self.turn)
        self.show_standing(UploadStatus.OFF, "")

    def show_standing(self, standing: UploadStatus, text: str) -> None:
        """Show how it stands."""
        self.said.setText(text)
        self.turn.setVisible(standing is not UploadStatus.OFF)
        self.turn.setText("继续上传 F12" if standing is UploadStatus.PAUSED else "暂停 F12")
        for one in (self.bar, self.count):
            one.setVisible(standing is UploadStatus.SENDING)

    def show_pace(self, pace: UploadRate, seconds: float) -> None:
        """Show how far it is, how fast, and how long it will still take."""
        whole = max(1, pace.whole)
        self.bar.setRange(0, whole)
        self.bar.setValue(pace.done)
        told = pace.told(seconds)
        self.count.setText(
            f"{pace.done:,} / {pace.whole:,} 笔（{pace.done * 100 // whole}%）" + (f" · {told}" if told else "")
        )
