"""`gongji init`: a data folder for training, of the clinic's own, or as a settings file says for any number of PCs."""

from argparse import Namespace
from pathlib import Path

from msgspec import structs, to_builtins

from gongji.cli import text as words
from gongji.cli.answers import trouble_answer
from gongji.cli.arguments import data_folder, library_of
from gongji.cli.io import REFUSED, line, say
from gongji.cli.session import password_of
from gongji.core.strict_json import decode
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.clock import practice_clock
from gongji.desk.clinic.first_start.by_answers import AnswersRefusedError, begin_by_answers, read_answers_file
from gongji.desk.clinic.first_start.create import begin_training
from gongji.errors import GongjiError
from gongji.files import read_whole
from gongji.pack_files.library import Library


def begin_as_answered(options: Namespace, path: Path, library: Library) -> int:
    """Make the data folder of this PC; tables that were not imported are reported; the folder exists all the same.

    Raises `GongjiError` where the answers cannot be used.
    """
    try:
        answers = read_answers_file(options.answers, library)
    except AnswersRefusedError as error:
        if not options.json:
            raise
        line({**trouble_answer(error), "problems": to_builtins(error.problems)})
        return REFUSED
    one = answers.of_this_pc(options.clinic, options.counter)
    if one is None:
        there = "、".join(f"{each.institution}/{each.counter}" for each in answers.counters)
        raise GongjiError(
            f"设置文件里有 {len(answers.counters)} 台，看不出这台是哪台", f"请加 --clinic 和 --counter：{there}"
        )
    one = structs.replace(one, operator=options.operator or one.operator)
    if not one.operator:
        raise GongjiError("没有操作员姓名", "请在设置文件里写 operator，或加 --operator 姓名")
    taken = begin_by_answers(path, one, answers.path, password_of(one.operator, new=True), library, options.clock)
    answer = {**_begun(path, one.area), "ok": all(each.kept for each in taken), "imports": to_builtins(taken)}
    status = say(options, answer, "\n".join([words.begun(path, None), *(f"  {each.text}" for each in taken)]))
    return status if answer["ok"] else REFUSED


def init(options: Namespace) -> int:
    """Make a data folder. Raises `GongjiError` where nothing says whose it is, or it cannot be made."""
    path, library = data_folder(options), library_of(options)
    if options.training:
        area = begin_training(path, options.area, library, practice_clock(options.clock))
        return say(options, _begun(path, area, training=True), words.begun(path, area))
    if options.answers is not None:
        return begin_as_answered(options, path, library)
    if options.area is None or options.institution is None or options.operator is None:
        raise GongjiError("还缺少 --area、--institution 或 --operator", "只是练习的话，用 gongji init --training")
    institution, problems = decode(read_whole(options.institution))
    if problems:
        raise GongjiError(f"{options.institution} 不是 JSON", "请按 institution 的格式写，见命令行手册")
    one = Beginning(
        counter=options.counter or "01",
        area=options.area,
        institution=institution,
        operator=options.operator,
        password=password_of(options.operator, new=True),
        training=False,
    )
    begin(path, one, library, options.clock)
    return say(options, _begun(path, options.area), words.begun(path, None))


def _begun(path: Path, area: str, *, training: bool = False) -> dict[str, object]:
    return {"ok": True, "data": str(path), "training": training, "area": area}
