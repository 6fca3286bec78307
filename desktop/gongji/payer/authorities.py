"""The certificate authorities of a gateway; apart from the network code, which the window starts without."""

import ssl
from pathlib import Path

from gongji.errors import GongjiError
from gongji.files import reason


def check_authorities(text: str) -> None:
    """Check that a text is certificates (PEM). Raises `GongjiError` where it is not."""
    context_of(text)


def context_of(authorities: Path | str | None) -> ssl.SSLContext:
    """Return a TLS context that trusts only these authorities (PEM, or its file); with None those of the system.

    Raises `GongjiError` where they cannot be used.
    """
    try:
        if authorities is None:
            context = ssl.create_default_context()
        elif isinstance(authorities, str):
            context = ssl.create_default_context(cadata=authorities)
        else:
            context = ssl.create_default_context(cafile=str(authorities))
    except ssl.SSLError as error:
        name = authorities if isinstance(authorities, Path) else "所给的内容"
        raise GongjiError(f"{name} 不是证书文件", "请向医保经办机构索取网关的 CA 证书（PEM）") from error
    except OSError as error:
        raise GongjiError(f"读不到证书文件 {authorities}（{reason(error)}）", "请检查网关设置里的路径") from error
    # a variable meant for looking into other programs' traffic (SSLKEYLOGFILE) writes down no keys of ours
    context.keylog_filename = None  # type: ignore[assignment]  # as the library itself has it before that
    return context
