"""`gongji manual`: the manual as a PDF, the same text that F1 shows in the window."""

from argparse import Namespace

from gongji.cli.io import DONE


def print_manual(options: Namespace) -> int:
    """Write the manual and say where."""
    from gongji.desk.manual.print_manual import save_manual

    print(f"说明书已存为 {save_manual(options.file)}")
    return DONE
