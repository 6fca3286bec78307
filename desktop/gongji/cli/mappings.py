"""`gongji mapping`: what of the catalogue has no national code yet, and telling the payer of those that have."""

import argparse

from gongji.cli.session import open_session, say
from gongji.cli.upload import line_of
from gongji.desk.upload.tell_mappings import telling_mappings, unmapped, untold


def show(options: argparse.Namespace) -> int:
    """List the items in force that have no national code, and how many mappings are still to be told."""
    with open_session(options) as counter:
        found, waiting = unmapped(counter), untold(counter)
    rows = [{"code": one.code, "name": one.name, "specification": one.specification} for one in found]
    lines = [f"  {one.code}  {one.name}  {one.specification}".rstrip() for one in found]
    head = f"没有国家编码的项目 {len(found)} 个；已对照、还没有告诉平台的 {waiting} 个"
    return say(options, {"ok": True, "unmapped": rows, "untold": waiting}, "\n".join([head, *lines]))


def tell(options: argparse.Namespace) -> int:
    """Tell the payer of the mappings that it has not accepted yet."""
    with open_session(options) as counter, line_of(options, counter) as payer_line:
        count = payer_line.finish(payer_line.talk(telling_mappings))
    return say(options, {"ok": True, "told": count}, f"已上传目录对照 {count} 条")
