"""培训: whom to try first."""

from msgspec import json

from gongji.files import read_whole, resource_folder

_TO_TRY = 2


def to_try(area: str) -> list[tuple[str, str]]:
    """Return the numbers and names of a patient or two of an area's training data whose visits are worth trying."""
    path = resource_folder() / "training" / area / "visits.jsonl"
    if not path.is_file():
        return []
    visits = [json.decode(line) for line in read_whole(path).splitlines()[:_TO_TRY]]
    return [(visit["person"]["id"], visit["person"]["name"]) for visit in visits]
