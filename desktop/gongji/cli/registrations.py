"""`gongji registrations`: registered diseases that are on no list, and deciding what they stand for."""

from argparse import Namespace

from gongji.cli.session import open_session, say
from gongji.desk.imports.unlisted_registrations import decide_registration, unlisted_registrations


def registrations(options: Namespace) -> int:
    """List registrations on no list, or decide what a name stands for."""
    with open_session(options) as counter:
        if options.decide:
            name, listed = options.decide
            found = [one for one in unlisted_registrations(counter) if one.name == name]
            whose = options.person or [one.person_id for one in found]
            count = decide_registration(counter, name, listed, whose)
            return say(options, {"ok": True, "people": count}, f"{count} 人的“{name}”已另记为“{listed}”")
        found = unlisted_registrations(counter)
    rows = [
        {
            "person": one.number,
            "name": one.person_name,
            "area": one.area,
            "disease": one.name,
            "nearest": list(one.nearest),
        }
        for one in found
    ]
    lines = [
        f"{one.area}  {one.name}  {one.person_name} {one.number}  {'、'.join(one.nearest)}".rstrip() for one in found
    ]
    return say(options, {"ok": True, "registrations": rows}, "\n".join(lines) or "登记的病种都在名录里")
