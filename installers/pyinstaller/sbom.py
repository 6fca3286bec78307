"""The bill of materials of a bundle in CycloneDX 1.6, the same bytes for the same parts."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from installers.pyinstaller.parts import Part

_SPACE = uuid.UUID("9b7a3b52-7a0e-5a6d-9c1f-4b7f1d0c2e11")


def cyclonedx(version: str, system: str, commit: str, parts: Sequence[Part]) -> str:
    """Return the bill for a version frozen from a commit. It has no time stamp: the commit says when."""
    root = {
        "bom-ref": "gongji",
        "type": "application",
        "name": "gongji",
        "version": version,
        "properties": [{"name": "commit", "value": commit}, {"name": "system", "value": system}],
    }
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, f'{version} {system} {commit}')}",
        "version": 1,
        "metadata": {"component": root},
        "components": [_component(one) for one in parts],
        "dependencies": [{"ref": "gongji", "dependsOn": [_reference(one) for one in parts]}],
    }
    return json.dumps(bill, ensure_ascii=False, indent=1) + "\n"


def _reference(part: Part) -> str:
    return part.purl or f"{part.name}@{part.version}"


def _component(part: Part) -> dict[str, object]:
    made: dict[str, object] = {
        "bom-ref": _reference(part),
        "type": "library",
        "name": part.name,
        "version": part.version,
        "licenses": [_licence(part.licence)],
    }
    made |= {"purl": part.purl} if part.purl else {}
    return made | ({"components": [_crate(part, one) for one in part.crates]} if part.crates else {})


def _crate(part: Part, told: Mapping[str, Any]) -> dict[str, object]:
    """Return what a wheel's own bill says of a work in it; two wheels may hold the same."""
    name = f"{told['name']}@{told['version']}"
    return {
        "bom-ref": f"{_reference(part)}#{name}",
        "type": "library",
        "name": told["name"],
        "version": told["version"],
        "licenses": told["licenses"],
        "purl": f"pkg:cargo/{name}",
    }


def _licence(said: str) -> dict[str, object]:
    if said.startswith("LicenseRef-"):
        return {"license": {"name": said}}
    return {"expression": said} if " " in said else {"license": {"id": said}}
