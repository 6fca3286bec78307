"""The data folder: what lies where, who may open it, and one program at a time in it."""

from pathlib import Path

from filelock import FileLock, Timeout
from msgspec import DecodeError, Struct, json

from gongji.errors import GongjiError
from gongji.files import write_all_whole, write_whole
from gongji.store import keys
from gongji.store.errors import raise_store_error, store_errors
from gongji.store.keys import Keys

FORMAT = 1
WAIT_SECONDS = 10
_UNFINISHED = ("*.partial", ".*.partial", "*.db.partial*", "restoring.db*", "*.slice", "*.slice-*")
_UNREADABLE = (DecodeError, UnicodeDecodeError)


class FolderCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be known of a folder before it is unlocked."""

    format: int
    training: bool
    counter: str
    book: str


class _Format(Struct, frozen=True):
    format: int


class Folder:
    """A data folder's places."""

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        """Look at a folder, which need not be there yet; `wait_seconds` is how long to wait for another program."""
        self.path = path
        self.book = path / "book.db"
        self.witness = path / "witness.jsonl"
        self.mark = path / "witness.mark"
        self.receipts = path / "receipts"
        self.copies = path / "backups"
        self._card = path / "folder.json"
        self._keys = (path / "keys.json", path / "keys.copy.json")
        self._lock = FileLock(path / "lock", timeout=wait_seconds, thread_local=False)

    @property
    def exists(self) -> bool:
        """Tell whether there is a book here, or signs that there was one."""
        return any(one.exists() for one in (self.book, self.witness, self.copies))

    @property
    def has_card(self) -> bool:
        """Tell whether the folder says of itself that it is one."""
        return self._card.exists()

    def card(self) -> FolderCard:
        """Return what the folder says of itself; `GongjiError` when it is not one or from a newer program."""
        with store_errors():
            text = self._card.read_bytes() if self._card.exists() else b""
            if not text and not self.exists:
                advice = f"请先用 gongji init 建立，或用 --data 指明（现为 {self.path}）"
                raise GongjiError("这里没有数据文件夹", advice)
        try:
            newer = json.decode(text, type=_Format).format > FORMAT  # whatever else a newer program says in it
            card = None if newer else json.decode(text, type=FolderCard)
        except _UNREADABLE as error:
            title = f"{self._card.name} 缺失或已损坏"
            raise GongjiError(title, "请不要删除任何文件，联系维护人员从备份恢复") from error
        if card is None:
            raise GongjiError("数据文件夹由更新版本的程序写过，这个版本打不开", "请安装最新版本的程序；文件没有改动")
        return card

    def keep(self, card: FolderCard, held: Keys) -> None:
        """Write what the folder says of itself and its keys, these twice."""
        self._keep_keys(held)
        write_whole(self._card, json.encode(card))

    def key(self, operator: str | None, password: str | None) -> bytes:
        """Return the book's key for an operator, or a training folder's; `GongjiError` says what is missing."""
        held = self._held()
        if held[0].training is not None:
            return bytes.fromhex(held[0].training)
        if operator is None:
            raise GongjiError("这个数据文件夹要操作员登录", "请加 --operator 姓名")
        if password is None:
            raise GongjiError("没有口令", "请在终端输入，或放在环境变量 GONGJI_PASSWORD 里")
        mine = dict.fromkeys(one for known in held for one in known.wrappings if one.operator == operator)
        for one in mine:  # two of them only where a file and its copy differ: damage may have left it readable
            key = keys.unwrap(one, password)
            if key is not None:
                return key
        raise GongjiError("操作员姓名或口令不对", "请核对后再试")

    def operators(self) -> tuple[str, ...]:
        """Return who may open the book; nobody for a training folder."""
        return tuple(dict.fromkeys(one.operator for known in self._held() for one in known.wrappings))

    def admit(self, key: bytes, operator: str, password: str) -> None:
        """Let somebody open the book with this password, and no longer with the one before."""
        others = tuple(one for one in self._held()[0].wrappings if one.operator != operator)
        self._keep_keys(Keys(wrappings=(*others, keys.wrap(key, operator, password))))

    def dismiss(self, operator: str) -> None:
        """Let somebody no longer open the book."""
        self._keep_keys(Keys(wrappings=tuple(one for one in self._held()[0].wrappings if one.operator != operator)))

    def _keep_keys(self, held: Keys) -> None:
        write_all_whole({one: json.encode(held) for one in self._keys})

    def _held(self) -> list[Keys]:
        """Return what the keys' file says, and its copy."""
        found = []
        for one in self._keys:
            try:
                found.append(json.decode(one.read_bytes(), type=Keys))
            except (OSError, *_UNREADABLE):
                continue
        if not found:
            raise GongjiError("钥匙文件 keys.json 缺失或已损坏", "请不要删除任何文件，联系维护人员从备份恢复")
        return found

    def clear(self) -> None:
        """Take away what a program that was stopped has left unfinished: half-written files, never anything whole."""
        places = [self.path, self.receipts, self.copies]
        found = [one for place in places for pattern in _UNFINISHED for one in place.glob(pattern)]
        found += self.receipts.rglob(".*.partial")
        with store_errors():
            for one in dict.fromkeys(found):
                if one.is_file():
                    one.unlink()

    def lock(self) -> None:
        """Become the one program that writes here; `GongjiError` when another one is."""
        try:
            self._lock.acquire()
        except Timeout:
            raise GongjiError("结算台已经打开着", "请回到已打开的窗口，或等另一个命令做完再试") from None
        except OSError as error:
            raise_store_error(error)

    def unlock(self) -> None:
        """Let another program write here."""
        self._lock.release()
