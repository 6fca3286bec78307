"""The commands of a reviewer, and of the recovery key."""

import os
import sys
from argparse import Namespace
from getpass import getpass

from msgspec import to_builtins

from gongji.cli.arguments import data_folder, library_of
from gongji.cli.io import DONE, REFUSED, escaped, say
from gongji.cli.session import attend_second, clock_of, open_session, password_of
from gongji.desk.clinic.audit_book import AuditRequest, as_lines, reviewed
from gongji.desk.clinic.backup.check_copy import drill, log_drill
from gongji.desk.clinic.explain import explain
from gongji.desk.clinic.open import recover
from gongji.desk.clinic.operators import make_recovery_key, try_recovery_key
from gongji.desk.imports.forget_person import forget_person, remains_in_words, set_retention_years, what_remains
from gongji.errors import GongjiError

SECRET = "GONGJI_AGE_KEY"  # noqa: S105  # the name of the variable that holds it


def audit(options: Namespace) -> int:
    """Compare a copy of a book with anchors; nothing is written."""
    found = reviewed(
        AuditRequest(
            copy=options.copy,
            anchors=tuple(options.anchors),
            listed=options.list,
            secret=_secret(),
            operator=options.operator,
            password=None if options.operator is None else password_of(options.operator, new=False),
            dice=options.dice or "",
        )
    )
    say(options, {"ok": found.is_well, **to_builtins(found)}, "\n".join(as_lines(found)))
    return DONE if found.is_well else REFUSED


def explain_concern(options: Namespace) -> int:
    """Explain a concern that verify lists."""
    with open_session(options) as counter:
        explain(counter, options.number, options.reason)
    print(f"第 {options.number} 条已说明。")
    return DONE


def forget(options: Namespace) -> int:
    """Print what forgetting a person destroys and leaves, do it where a reason is given; or change the retention.

    Raises `GongjiError` where nobody is named.
    """
    with open_session(options) as counter:
        if options.years is not None or options.reason:
            attend_second(options, counter)
        if options.years is not None and (options.number or options.reason):
            raise GongjiError("--years 只改保存期，不能同时删除", "请分两次办：先改保存期，再写证件号码和 --reason")
        if options.years is not None:
            set_retention_years(counter, options.years)
            print(f"最后一次结算后，姓名保存 {options.years} 年。")
            return DONE
        if not options.number:
            raise GongjiError("没有写证件号码", "请写 gongji forget 证件号码，或用 --years 改保存期")
        remains = what_remains(counter, options.number)
        print(escaped("\n".join(remains_in_words(remains))))
        if options.reason:
            forget_person(counter, options.number, options.reason)
            print("已按规定删除。")
    return DONE


def drill_copy(options: Namespace) -> int:
    """Prove in a temporary place that a copy can be restored."""
    with open_session(options) as counter:
        done = drill(counter, options.copy)
        log_drill(counter, done)
    print(escaped(f"备份到 {done.last_no or '（还没有结算）'}，共 {done.settlements} 笔。"))
    print(escaped("\n".join(done.found) or "演练成功：这个备份能恢复，核对全部相符。"))
    return REFUSED if done.found else DONE


def recovery(options: Namespace) -> int:
    """Make a new recovery key, or try the one on paper."""
    with open_session(options) as counter:
        if options.tried:
            try_recovery_key(counter, _secret() or "")
            print("恢复钥匙试过，能打开。")
            return DONE
        password = password_of(counter.operator, new=False) or ""
        print("恢复钥匙（只显示这一次，请抄写或打印后由负责人封存）：")
        print(make_recovery_key(counter, password))
        print("请再执行 gongji recovery --tried，把纸上的钥匙输入一次。")
    return DONE


def recover_folder(options: Namespace) -> int:
    """Let somebody in with the recovery key, when no operator can open the book.

    Raises `GongjiError` where it is not typed twice alike.
    """
    secret = _secret()
    if secret is None or options.operator is None:
        raise GongjiError("缺少恢复钥匙或 --operator 姓名", f"请在终端输入，或放在环境变量 {SECRET} 里")
    password = password_of(options.operator, new=True) or ""
    recover(data_folder(options), secret, options.operator, password, library_of(options), clock_of(options))
    print(f"{options.operator} 可以登录了，岗位是管理员。")
    return DONE


def _secret() -> str | None:
    given = os.environ.get(SECRET)
    if given is not None or not sys.stdin.isatty():
        return given
    return getpass("纸上的钥匙（AGE-SECRET-KEY-…，没有就回车）：") or None
