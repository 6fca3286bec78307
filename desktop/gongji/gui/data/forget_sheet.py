"""按规定删除: what of a person is destroyed and what remains, done by two persons for a stated reason."""

from collections.abc import Callable

from gongji.desk.imports.forget_person import Remains, forget_person, remains_in_words, what_remains
from gongji.desk.roles import attended
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import enter_leads_on, fields, password, text
from gongji.gui.shell.workspace import Workspace


class ForgetSheet(Dialog):
    """Shows what is destroyed and what stays; first a reason and the second person's password have to be typed.

    Enter goes from field to field as far as the button, and forgets nobody before it is pressed there once more.
    """

    def __init__(self, station: Workspace, person_id: str, done: Callable[[], None]) -> None:
        """Read what the book has of the person; `done` is called afterwards. Raises `GongjiError` for nobody."""
        remains = what_remains(station.counter, person_id)
        super().__init__(station.window, "按规定删除个人资料", 620)
        self._station, self._person_id, self._forgotten = station, person_id, done
        self.say(f"{remains.name}：删除以后不能恢复。", "heading")
        for sentence in remains_in_words(remains):
            self.say(sentence)
        if remains.until is not None:
            self.say(f"保存期到 {remains.until} 满；没有满的不能删除。", "muted")
        self.reason, self.second, self.password = text("", "例如 保存期满，第 3 号销毁清册"), text(), password()
        named = [("依据", self.reason)]
        if not station.counter.clinic.training:
            named += [("第二人姓名", self.second), ("第二人的口令", self.password)]
        self.body.addLayout(fields(named))
        self.wrong = self.say("", "wrong")
        self._go = button("删除", self._forget)
        self.buttons(button("取消", self.reject, "main"), self._go)
        enter_leads_on([field for _, field in named], self._go.setFocus)
        self.reason.setFocus()
        self.open()

    def _forget(self) -> None:
        counter, person_id, reason = self._station.counter, self._person_id, self.reason.text()
        name, typed = self.second.text().strip() or None, self.password.text()
        self.password.clear()
        self._go.setEnabled(False)
        self._station.jobs.write(
            lambda: attended(counter, name, typed, lambda: forget_person(counter, person_id, reason)),
            self._done,
            self._failed,
            owner=self,
        )

    def _done(self, _: Remains) -> None:
        self.accept()
        self._forgotten()

    def _failed(self, error: BaseException) -> None:
        self._go.setEnabled(True)
        self._station.tell_or_fail(error, self.wrong.setText)
        self.grow()
