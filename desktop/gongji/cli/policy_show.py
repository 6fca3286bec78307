"""A policy pack's content for people: article by article, then what it leaves to others."""

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gongji.cli.arguments import data_folder, library_of
from gongji.cli.io import DONE
from gongji.core.engine.policy import Policy
from gongji.core.packs.articles import articles_meant
from gongji.core.packs.describe import reading_in_words, said_by_rule
from gongji.core.packs.figures import source_in_words
from gongji.core.packs.language import NotModelled, Pack
from gongji.desk.policies.packs import editions_named
from gongji.errors import GongjiError
from gongji.pack_files.attached_documents import attached
from gongji.pack_files.library import spans

_LEFT_OUT = "未写入计算的条文"


def show_policy(options: Namespace) -> int:
    """Print the content of an area's packs: everything with its article and gist, or one article.

    Raises `GongjiError` for an area or an article that no pack has.
    """
    console, article, data = Console(highlight=False), options.article, data_folder(options)
    for policy in editions_named(library_of(options), options.area):
        pack = policy.pack
        if article is None:
            _print_head(console, policy)
            console.print(_articles_table(pack, pack.gist, attached(pack, data)))
            _print_rest(console, pack)
            continue
        wanted = articles_meant(article, pack.gist)
        left_out = [one for one in pack.not_modelled if articles_meant(article, one.articles)]
        if not wanted and not left_out:
            raise GongjiError(f"{pack.area_name}的政策包没有引用{article}", f"引用的条文有：{'、'.join(pack.gist)}")
        words = attached(pack, data)
        _print_head(console, policy)
        if wanted:
            console.print(_articles_table(pack, wanted, words))
        _print_section(console, _LEFT_OUT, _reasons(left_out, article))
        own = [one for left in left_out for one in articles_meant(article, left.articles) if one in words]
        _print_section(console, "原文", ((one, words[one]) for one in own))
    return DONE


def _print_head(console: Console, policy: Policy) -> None:
    console.rule(Text(f"{policy.pack.area_name} {policy.id} · {spans([policy])}"), align="left")
    for source in policy.pack.source.values():
        console.print(Text(source_in_words(source)))


def _articles_table(pack: Pack, articles: Iterable[str], words: Mapping[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, show_lines=True)
    table.add_column("条文", max_width=18, overflow="fold")
    table.add_column("要旨、规则与数额", ratio=1, overflow="fold")
    under = said_by_rule(pack)
    for article in articles:
        text = Text(pack.gist[article], style="bold")
        for name, entry in pack.rule.items():
            if article in entry.article.split("、"):
                text.append(f"\n{name} {entry.title}", style="not bold")
                if entry.reading:
                    text.append(f"\n    我们的理解：{entry.reading}", style="not bold dim")
                if entry.aside:
                    text.append(f"\n    不在结算里计算：{entry.aside}", style="not bold dim")
                for line in under.get(name, ()):
                    text.append(f"\n    {line}", style="not bold")
        if article in words:
            text.append(f"\n原文：{words[article]}", style="not bold dim")
        table.add_row(article, text)
    return table


def _print_rest(console: Console, pack: Pack) -> None:
    """Print how levels follow each other, what the pack leaves open and what it does not compute."""
    _print_section(console, "机构级别", _levels(pack))
    parameters = (
        (f"{one.name}（{one.unit}）", f"{pack.rule[one.rule].article}提到而未给出，须按经办机构的通知填写")
        for one in pack.parameter.values()
    )
    _print_section(console, "须另行填写的数额", parameters)
    undefined = ((one.name, f"{one.text}（{pack.rule[one.rule].article}）") for one in pack.undefined.values())
    _print_section(console, "未规定的待遇", undefined)
    _print_section(console, _LEFT_OUT, _reasons(pack.not_modelled))


def _levels(pack: Pack) -> Iterator[tuple[str, str]]:
    names = {level.id: level.name for level in pack.level}
    for level in pack.level:
        if level.same_as is not None or level.reading:
            same = "" if level.same_as is None else f"按“{names[level.same_as]}”的规定"
            yield level.name, f"{same}{reading_in_words(level.reading)}"


def _reasons(left_out: Iterable[NotModelled], article: str | None = None) -> Iterator[tuple[str, str]]:
    for one in left_out:
        named = "、".join(one.articles if article is None else articles_meant(article, one.articles))
        yield named, one.why if one.duty is None else f"{one.why}机构要做的：{one.duty}"


def _print_section(console: Console, heading: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print a heading and its content, where there is any."""
    table = Table(box=None, show_header=False, pad_edge=False, expand=True)
    table.add_column(max_width=40, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for name, text in rows:
        table.add_row(Text(name), Text(text))
    if table.rows:
        console.print(Text(heading, style="bold"))
        console.print(Padding(table, (0, 0, 1, 2)))
