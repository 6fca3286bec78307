"""Gives wine's C runtime five functions that numpy asks for and wine 10 lacks: the parts of a complex number.

`python complex_parts.py ucrtbase.dll` changes the file in place, in the build's root folder alone; nothing of it gets
into what is built. Each function is one move between registers, as the calling convention of 64-bit Windows has it.
"""

import sys
from pathlib import Path

import pefile

_STUB = bytes.fromhex("4883ec28488d0d")
CODE = {
    "crealf": "660f6ec1c3",  # movd xmm0, ecx; ret
    "cimagf": "48c1e920660f6ec1c3",  # shr rcx, 32; movd xmm0, ecx; ret
    "creall": "f20f1001c3",  # movsd xmm0, [rcx]; ret
    "cimag": "f20f104108c3",  # movsd xmm0, [rcx+8]; ret
    "cimagl": "f20f104108c3",
}


def main(file: Path) -> None:
    """Write the functions over their stubs; a function that is there already is left as it is."""
    with pefile.PE(str(file), fast_load=True) as read:
        read.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_EXPORT"]])
        exported = {one.name.decode(): one.address for one in read.DIRECTORY_ENTRY_EXPORT.symbols if one.name}
        places = {name: read.get_offset_from_rva(exported[name]) for name in CODE}
    content = bytearray(file.read_bytes())
    for name, place in places.items():
        code = bytes.fromhex(CODE[name])
        if content[place : place + len(_STUB)] == _STUB:
            content[place : place + len(code)] = code
    file.write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
