"""The commands and their arguments. What only people read is imported where it is used, so that quoting starts soon."""

import argparse
import datetime
import errno
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gongji import __version__
from gongji.cli.answers import capitation_answer, credit_answer, quoted_answer
from gongji.cli.arguments import Commands, Parser, command, data_folder, library_of
from gongji.cli.io import DONE, FAILED, REFUSED, answer_each, collect_seldom, complain, complain_of
from gongji.core.dates import CHINA
from gongji.desk.visits.quote import quote_text
from gongji.errors import GongjiError, places
from gongji.files import path_of, reason, resource_folder

Clock = Callable[[], datetime.datetime]

_UNWRITTEN = {errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT}
"""Errors that keep an answer from being written; everything else the program writes reports its own."""


def run(arguments: Sequence[str], clock: Clock) -> int:
    """Run a command; return 0 when it is done, 2 when something was refused, 1 when the program failed.

    `clock` returns the moment, aware of its zone.
    """
    options = command_parser(arguments[0] if arguments else "").parse_args(
        arguments or ["sample"], argparse.Namespace(clock=clock, today=clock().astimezone(CHINA).date())
    )
    try:
        _refuse_impossible_paths(options)
        return int(options.run(options))
    except GongjiError as error:
        complain_of(error)
        return REFUSED
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone; there is nobody left to flush to
        return DONE
    except KeyboardInterrupt:
        return REFUSED
    except OSError as error:
        if error.errno not in _UNWRITTEN or error.filename is not None:
            return _failed(error)
        sys.stdout = None  # what is left there could not be flushed at the end either
        complain(f"结果写不出去（{reason(error)}），请检查输出到的磁盘；已记下的都在，再执行一次会说同样的结果")
        return REFUSED
    except Exception as error:  # noqa: BLE001  # a bug
        return _failed(error)


def _refuse_impossible_paths(options: argparse.Namespace) -> None:
    """Raise `GongjiError` for a path among the arguments that no system takes as one."""
    for given in vars(options).values():
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, Path):
                path_of(str(one))


def _failed(error: BaseException) -> int:
    """Report a bug without the data it met, which its message might contain."""
    kind, *lines = places(error)
    complain(f"程序出错（{kind}），请把以下内容发给维护人员，其中没有个人信息：\n" + "\n".join(lines))
    return FAILED


def command_parser(asked: str = "") -> argparse.ArgumentParser:
    """Return the parser of all commands and their arguments; of `quote` alone where it is asked for."""
    parser = Parser(prog="gongji", description="共济结算台：职工医保门诊费用离线结算")
    parser.add_argument("--version", action="version", version=f"gongji {__version__}", help="显示版本")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    packs = Parser(add_help=False)
    packs.add_argument("--policies", action="append", type=Path, default=[], metavar="DIR", help="另加一个政策包文件夹")
    data = Parser(add_help=False)
    data.add_argument("--data", type=Path, metavar="DIR", help="数据文件夹（默认为本系统存放程序数据的位置）")
    files = Parser(add_help=False)
    files.add_argument("files", nargs="*", metavar="FILE", help="JSON 文件；- 或不写为标准输入")

    if asked == "quote":
        _add_quote(commands, [files, packs, data])
        return parser
    from gongji.cli.book_arguments import add_book_commands, add_policy_commands, add_update_commands
    from gongji.cli.payer_arguments import add_mapping_commands, add_region_commands
    from gongji.cli.sandbox import add_sandbox_command

    sample = commands.add_parser("sample", parents=[packs, data], help="结算示例就诊并逐步说明（不带命令时也是如此）")
    sample.set_defaults(run=_sample)
    _add_quote(commands, [files, packs, data])
    credit = commands.add_parser("credit", parents=[files, packs], help="个人账户一个月计入多少")
    credit.set_defaults(run=_credit)
    capitation = commands.add_parser("capitation", parents=[files, packs], help="医疗机构定额包干的一年")
    capitation.set_defaults(run=_capitation)
    manual = command(commands, "manual", "support.print_manual", "把说明书存成 PDF，可打印")
    manual.add_argument("file", type=Path, metavar="FILE.pdf")
    add_book_commands(commands, packs, data, files)
    add_sandbox_command(commands, packs)
    add_policy_commands(commands.add_parser("policy", help="政策包：查看、检查、比较、附上原文"), packs, data)
    add_update_commands(commands.add_parser("update", help="更新程序：从 U 盘，先检查、备份、试过才换"), packs, data)
    add_mapping_commands(commands.add_parser("mapping", help="目录对照：列出未对照的，上传对照"), packs, data)
    add_region_commands(commands.add_parser("region", help="地区配置：检查，试网关"), packs, data)
    return parser


def _add_quote(commands: Commands, common: list[Parser]) -> None:
    quote = commands.add_parser("quote", parents=common, help="试算：一次就诊会结算成多少")
    quote.add_argument(
        "--explain", action="store_true", help="给人看的说明：逐步算式、要旨、所附原文；有误时列出全部问题"
    )
    quote.set_defaults(run=_quote)


def _quote(options: argparse.Namespace) -> int:
    if options.explain:
        return _explain(options, options.files)
    library = library_of(options)
    collect_seldom()
    return answer_each(options.files, lambda text: quoted_answer(quote_text(text, library)))


def _sample(options: argparse.Namespace) -> int:
    samples = resource_folder() / "samples" / "visits.jsonl"
    _explain(options, [str(samples)])
    return DONE  # one of the samples is there to be refused


def _explain(options: argparse.Namespace, files: Sequence[str]) -> int:
    from gongji.cli.visits import explain_each

    return explain_each(files, library_of(options), data_folder(options))


def _credit(options: argparse.Namespace) -> int:
    from gongji.desk.policies.requests import credit_text

    library = library_of(options)
    return answer_each(options.files, lambda text: credit_answer(credit_text(text, library)))


def _capitation(options: argparse.Namespace) -> int:
    from gongji.desk.policies.requests import capitation_text

    library = library_of(options)
    return answer_each(options.files, lambda text: capitation_answer(capitation_text(text, library)))
