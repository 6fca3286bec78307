"""What an import of a file would do, looked at in one go."""

from pathlib import Path
from typing import Any

from gongji.core.progress import Progress
from gongji.desk.imports.import_table import Preview, preview_of, read_import
from gongji.store.book_file.db import Store


def preview_import(store: Store, kind: str, path: Path, progress: Progress | None = None, **said: Any) -> Preview:
    return preview_of(store, read_import(store, kind, path, progress=progress, **said), progress)
