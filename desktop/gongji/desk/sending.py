"""立即上传: the line to the gateway as the clinic has set it, for a window that claims, sends and records by turns."""

import os
import random
import time

from gongji.core.outbox.replies import Exchange
from gongji.desk.counter import Clock, Counter
from gongji.desk.recording import Outgoing, Recorded
from gongji.desk.settings import gateway
from gongji.desk.uploading import Outside, Uploader
from gongji.errors import GongjiError
from gongji.upload.gateway import Address, Gateway
from gongji.upload.profiles import profile

IDENTITY, SECRET = "GONGJI_GATEWAY_ID", "GONGJI_GATEWAY_SECRET"  # the names of the variables


def has_gateway(counter: Counter) -> bool:
    """Tell whether somebody has said where records go."""
    return bool(gateway(counter).address)


class Sender:
    """One run of sending. `claim` and `record` are for the thread that writes, `send` for the one that may wait."""

    def __init__(self, counter: Counter, clock: Clock) -> None:
        """Open the line; on the thread that writes. `GongjiError` where no gateway is set or it cannot be used."""
        chosen = gateway(counter)
        if not chosen.address:
            raise GongjiError(
                "还没有填医保网关的地址", "请在“设置”的“网关”里填写；没有网络的可以“导出到U盘”，由联网的电脑转送"
            )
        region = profile(chosen.region)
        address = Address(url=chosen.address, identity=os.environ.get(IDENTITY, ""), secret=os.environ.get(SECRET, ""))
        self._gateway = Gateway(address, region, clock)
        self._uploader = Uploader(counter, region, Outside(clock, time.monotonic, random.SystemRandom().random))

    def claim(self) -> Outgoing | None:
        """Return the next message that is due; None where nothing can be done now."""
        return self._uploader.claim()

    def send(self, outgoing: Outgoing) -> Exchange:
        """Post a message and return what can be said of it."""
        return self._gateway.send(outgoing.infno, outgoing.body)

    def record(self, outgoing: Outgoing, exchange: Exchange) -> Recorded:
        """Keep what became of a message."""
        return self._uploader.record(outgoing, exchange)

    @property
    def trouble(self) -> str:
        """Why nothing is sent, where something stands in the way."""
        return self._uploader.trouble

    def close(self) -> None:
        """Let the line go."""
        self._gateway.close()
