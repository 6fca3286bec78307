"""The uploader with its turns taken apart: a test claims one message after another."""

from gongji.desk.upload import uploader
from gongji.desk.upload.record_answer import Outgoing


class Uploader(uploader.Uploader):
    def take(self, most: int) -> list[Outgoing]:
        """Return at most `most` messages that are due and now stored; none where nothing can be done now."""
        return list(self.turn((), most).outgoing)

    def claim(self) -> Outgoing | None:
        """Return the next message that is due and now stored; None where nothing can be done now."""
        return next(iter(self.take(1)), None)
