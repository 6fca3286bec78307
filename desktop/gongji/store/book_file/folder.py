"""The data folder: its files, who may open it, and one program at a time in it."""

import os
from contextlib import suppress
from pathlib import Path

from msgspec import DecodeError, Struct, json, structs

from gongji.core.problems import quoted
from gongji.errors import GongjiError
from gongji.files import reason, write_all_whole, write_whole
from gongji.store.book_file import keys
from gongji.store.book_file.file_lock import FileLock, LockHeldError
from gongji.store.book_file.keys import Keys, PaperKey
from gongji.store.book_file.updating import clear_trials
from gongji.store.errors import raise_store_error, store_errors

FORMAT = 1
WAIT_SECONDS = 10
_OF_OTHERS = 0o077
_UNFINISHED = ("*.partial", ".*.partial", "*.db.partial*", "restoring.db*", "*.slice", "*.slice-*")
_UNREADABLE = (DecodeError, UnicodeDecodeError)


class FolderCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be known of a folder before it is unlocked (folder.json)."""

    format: int
    training: bool
    counter: str
    book: str


class _Format(Struct, frozen=True):
    format: int


class WrongPasswordError(GongjiError):
    """The name or the password is not right; which of the two is not said."""

    def __init__(self) -> None:
        super().__init__("操作员姓名或口令不对", "请核对后再试")


class Folder:
    """A data folder: its paths, its keys, its lock."""

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        """Look at a folder, which need not exist yet; `wait_seconds` is how long to wait for another program."""
        self.path = path
        self.book = path / "book.db"
        self.witness = path / "witness.jsonl"
        self.mark = path / "witness.mark"
        self.checked = path / "verify.json"
        self.receipts = path / "receipts"
        self.copies = path / "backups"
        self._card = path / "folder.json"
        self._keys = (path / "keys.json", path / "keys.copy.json")
        self._lock = FileLock(path / "lock", wait_seconds)

    @property
    def exists(self) -> bool:
        """Return whether there is a book, or traces of one. Raises `GongjiError` where nobody may look."""
        return any(map(_is_there, (self.book, self.witness, self.copies)))

    @property
    def has_card(self) -> bool:
        """Return whether the folder has its card. Raises `GongjiError` where nobody may look."""
        return _is_there(self._card)

    def card(self) -> FolderCard:
        """Return the folder's card. Raises `GongjiError` when it is no data folder or a newer program's."""
        with store_errors():
            text = self._card.read_bytes() if self._card.exists() else b""
            if not text and not self.exists:
                advice = f"请选有数据的文件夹，还没有的先建立（命令行：--data 和 gongji init；现为 {self.path}）"
                raise GongjiError("这里没有数据文件夹", advice)
        try:
            newer = json.decode(text, type=_Format).format > FORMAT  # a newer program's other fields are ignored
            card = None if newer else json.decode(text, type=FolderCard)
        except _UNREADABLE as error:
            title = f"{self._card.name} 缺失或已损坏"
            raise GongjiError(title, "请不要删除任何文件，联系维护人员从备份恢复") from error
        if card is None:
            raise GongjiError("数据文件夹由更新版本的程序写过，这个版本打不开", "请安装最新版本的程序；文件没有改动")
        return card

    def keep(self, card: FolderCard, held: Keys) -> None:
        """Write the folder's card and its keys, the keys in two copies."""
        self._keep_keys(held)
        write_whole(self._card, json.encode(card))

    def key(self, operator: str | None, password: str | None) -> bytes:
        """Return the book's key for an operator, or a training folder's. Raises `GongjiError` where any is missing."""
        return self.keys_for(operator, password)[0]

    def keys_for(self, operator: str | None, password: str | None) -> list[bytes]:
        """Return the keys that an operator's password unwraps, the book's first; two during a change of keys.

        Only the card says whether a key may be stored unwrapped: one in the key file of a clinic's own folder is
        ignored. An unknown name takes as long as a wrong password and gets the same answer. Raises `WrongPasswordError`
        for a wrong password or name, `GongjiError` where one or the keys are missing.
        """
        held = self._held()
        if self.card().training:
            if held[0].training is None:
                raise GongjiError("钥匙文件 keys.json 缺失或已损坏", "请不要删除任何文件，联系维护人员从备份恢复")
            return [bytes.fromhex(held[0].training)]
        if operator is None:
            raise GongjiError("这个数据文件夹要操作员登录", "请填操作员姓名（命令行：--operator 姓名）")
        if password is None:
            raise GongjiError("没有口令", "请在终端输入，或放在环境变量 GONGJI_PASSWORD 里")
        every = [*held, *(one.coming for one in held if one.coming is not None)]
        mine = dict.fromkeys(one for known in every for one in known.wrappings if one.operator == operator)
        if not mine:
            keys.refuse_like(password)
        # several only where the file and its copy differ: one of them may be damaged
        found = [key for one in mine if (key := keys.unwrap(one, password)) is not None]
        if not found:
            raise WrongPasswordError
        return list(dict.fromkeys(found))

    def paper_keys(self, secret: str, *, reads_only: bool) -> list[bytes]:
        """Return the keys that a paper key unseals: the recovery key, or with `reads_only` a reviewer's too.

        Raises `GongjiError` where it unseals none.
        """
        held = self._held()
        every = [*held, *(one.coming for one in held if one.coming is not None)]
        papers = [one.recovery for one in every if one.recovery is not None]
        if reads_only:
            papers += [one for known in every for one in known.readers]
        found = [key for one in papers if (key := keys.unseal(one, secret)) is not None]
        if not found:
            raise GongjiError("这把钥匙打不开这里的数据", "请核对纸上的每个字符（AGE-SECRET-KEY- 开头），不分大小写")
        return list(dict.fromkeys(found))

    def operators(self) -> tuple[str, ...]:
        """Return the operators who may open the book; none for a training folder.

        Raises `GongjiError` for a key file that cannot be read.
        """
        return tuple(dict.fromkeys(one.operator for known in self._held() for one in known.wrappings))

    @property
    def recovery(self) -> PaperKey | None:
        """The recovery key's public part; None while there is none. Raises `GongjiError` as `operators`."""
        return self._held()[0].recovery

    @property
    def readers(self) -> tuple[PaperKey, ...]:
        """The reviewers who may read the book with keys of their own. Raises `GongjiError` as `operators`."""
        return self._held()[0].readers

    def is_of_old(self, operator: str) -> bool:
        """Return whether an operator's wrapping is in an older program's format, which only their password can renew.

        Raises `GongjiError` as `operators`.
        """
        return any(not one.recipient for one in self._held()[0].wrappings if one.operator == operator)

    def admit(self, key: bytes, operator: str, password: str) -> None:
        """Let an operator open the book with this password, replacing an earlier one.

        Raises `GongjiError` as `operators`, also where it cannot be written.
        """
        held = self._held()[0]
        others = tuple(one for one in held.wrappings if one.operator != operator)
        self._keep_keys(structs.replace(held, wrappings=(*others, keys.wrap(key, operator, password))))

    def keep_paper_keys(self, recovery: PaperKey | None, readers: tuple[PaperKey, ...]) -> None:
        """Store for which paper keys the book's key is sealed. Raises `GongjiError` as `admit`."""
        self._keep_keys(structs.replace(self._held()[0], recovery=recovery, readers=readers))

    def prepare(self, key: bytes, leaving: str | None) -> None:
        """Prepare another key for everybody but `leaving`; the current one stays valid until `take_over`.

        Raises `GongjiError` as `admit`.
        """
        held = self._held()[0]
        staying = tuple(one for one in held.wrappings if one.operator != leaving)
        coming = Keys(
            wrappings=tuple(keys.wrap_anew(one, key) for one in staying),
            recovery=None if held.recovery is None else keys.seal_anew(held.recovery, key),
            readers=tuple(keys.seal_anew(one, key) for one in held.readers),
        )
        self._keep_keys(structs.replace(held, wrappings=staying, coming=coming))

    def take_over(self) -> None:
        """Make the prepared key the only one. Raises `GongjiError` as `admit`."""
        held = self._held()[0]
        if held.coming is not None:
            self._keep_keys(held.coming)

    def stay(self) -> None:
        """Drop the prepared key: the book kept the current one. Raises `GongjiError` as `admit`."""
        held = self._held()[0]
        if held.coming is not None:
            self._keep_keys(structs.replace(held, coming=None))

    def settle_key(self, key: bytes, operator: str, password: str) -> None:
        """Keep only the key that opened the book, after an interrupted change of keys.

        Raises `GongjiError` as `admit`.
        """
        for known in self._held():
            coming = () if known.coming is None else known.coming.wrappings
            if any(keys.unwrap(one, password) == key for one in coming if one.operator == operator):
                self.take_over()
                return
        self.stay()

    @property
    def is_being_rekeyed(self) -> bool:
        """Return whether a key was prepared and it is not known yet whether the book uses it.

        Raises `GongjiError` as `operators`.
        """
        return any(one.coming is not None for one in self._held())

    def keys_for_a_stick(self) -> bytes:
        """Return a key file for a copy that leaves the clinic: a training key, else the paper keys alone.

        Raises `GongjiError` as `operators`.
        """
        held = self._held()[0]
        return json.encode(Keys(training=held.training, recovery=held.recovery, readers=held.readers))

    def _keep_keys(self, held: Keys) -> None:
        write_all_whole({one: json.encode(held) for one in self._keys})

    def _held(self) -> list[Keys]:
        """Return the contents of the key file and of its copy."""
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
        """Delete half-written files of a program that was stopped; nothing else."""
        places = [self.path, self.receipts, self.copies]
        found = [one for place in places for pattern in _UNFINISHED for one in place.glob(pattern)]
        found += self.receipts.rglob(".*.partial")
        with store_errors():
            for one in dict.fromkeys(found):
                if one.is_file():
                    one.unlink()
        clear_trials(self.path)

    def make_private(self) -> None:
        """Let only this user of the system into the folder, where the system can."""
        if os.name == "nt":
            return
        inside = [*self.path.iterdir(), *(self.copies.iterdir() if self.copies.is_dir() else ())]
        for one in (self.path, *inside):
            with suppress(OSError):  # another user's folder, or a file system without owners
                if one.stat().st_mode & _OF_OTHERS:
                    one.chmod(0o700 if one.is_dir() else 0o600)

    def lock(self) -> None:
        """Become the only program that writes here. Raises `GongjiError` where another one is."""
        try:
            self._lock.acquire()
        except LockHeldError:
            raise GongjiError("结算台已经打开着", "请回到已打开的窗口，或等另一个命令做完再试") from None
        except OSError as error:
            raise_store_error(error)

    def unlock(self) -> None:
        """Release the folder for another program."""
        self._lock.release()


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise GongjiError(
            f"看不了文件夹 {quoted(str(path.parent))}（{reason(error)}）", "请检查文件夹权限，或换一个位置"
        ) from error
